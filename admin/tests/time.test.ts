import { describe, expect, it } from 'vitest'
import { duration, fromLocalField, relativeTime, toLocalField, totalDuration } from '@/time'

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0)

it.each([
  [5_000, '现在', 'now'],
  [3 * 60_000, '3分钟前', '3 minutes ago'],
  [5 * 3_600_000, '5小时前', '5 hours ago'],
  [26 * 3_600_000, '昨天', 'yesterday'],
])('tells %i ms ago in words', (ago, zh, en) => {
  expect(relativeTime(NOW - ago, NOW, 'zh').replace(/\s/g, '')).toBe(zh)
  expect(relativeTime(NOW - ago, NOW, 'en')).toBe(en)
})

it('never puts a slightly fast server clock into the future', () => {
  expect(relativeTime(NOW + 20_000, NOW, 'en')).toBe('now')
})

it('names the date once it is a month away', () => {
  expect(relativeTime(NOW - 40 * 86_400_000, NOW, 'en')).toBe('Oct 14, 2026')
})

it('writes durations short', () => {
  expect([0.04, 3.81, 41.7, 1234].map(duration)).toEqual(['<0.1 ms', '3.8 ms', '42 ms', '1.2 s'])
  expect(totalDuration([{ ms: 1.5 }, { ms: 2.7 }])).toBe('4.2 ms')
})

describe('times with a zone', () => {
  it('go into a field and come back as the same moment', () => {
    const written = '2026-12-01T00:00:00+08:00'
    const again = fromLocalField(toLocalField(written))
    expect(Date.parse(again)).toBe(Date.parse(written))
    expect(again).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00[+-]\d\d:\d\d$/)
  })

  it('are empty where there is none', () => {
    expect([toLocalField(''), fromLocalField(''), fromLocalField('soon')]).toEqual(['', '', ''])
  })
})
