import { expect, it } from 'vitest'
import { percent, points, probability } from '@/numbers'

it('writes small shares with a digit more', () => {
  expect([0.4149, 0.02, 0.004, 0, 1].map((share) => percent(share, 'en'))).toEqual(['41%', '2%', '0.4%', '0%', '100%'])
})

it('writes probabilities with two digits', () => {
  expect([0.8412, 1].map((value) => probability(value, 'zh'))).toEqual(['0.84', '1.00'])
})

it('writes differences with their sign', () => {
  expect([0.04, -0.005, 0.0001].map((value) => points(value, 'en'))).toEqual(['+4', '-0.5', '±0'])
})
