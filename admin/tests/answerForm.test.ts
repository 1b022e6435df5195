import { describe, expect, it } from 'vitest'
import {
  answerErrorPath,
  answersErrors,
  emptyAnswer,
  emptyBlock,
  emptyButton,
  previewBlocks,
  toAnswer,
  toAnswerFields,
  withKeysOf,
} from '@/answerForm'
import type { Answer } from '@/api/types'

const RICH: Answer = {
  text: '**金卡**免邮',
  blocks: [
    { kind: 'text', text: '见下：' },
    { kind: 'image', url: 'https://shop.example/fees.png', alt: '运费表' },
    {
      kind: 'buttons',
      buttons: [
        { title: '怎么退货', say: '怎么退货？' },
        { title: '官网', url: 'https://shop.example/' },
        { title: '查物流', task: 'order_status' },
      ],
    },
    { kind: 'card', title: '大促', text: '包邮', image: 'https://shop.example/x.png', alt: '海报', buttons: [{ title: '去', say: '去' }] },
  ],
  channels: ['web_demo'],
  locales: ['zh'],
  tiers: ['gold'],
  valid_from: '2026-12-01T00:00:00+08:00',
  valid_until: '2026-12-02T00:00:00+08:00',
}

describe('toAnswerFields and toAnswer', () => {
  it('bring an answer there and back unchanged', () => {
    expect(toAnswer(toAnswerFields(RICH))).toEqual(RICH)
    expect(toAnswer(toAnswerFields({ text: 'x' }))).toEqual({ text: 'x' })
    const bare: Answer = { blocks: [{ kind: 'card', title: 'x' }] }
    expect(toAnswer(toAnswerFields(bare))).toEqual(bare)
  })

  it('trim what was typed and leave out what is empty', () => {
    const fields = { ...emptyAnswer(), text: ' 免邮 ', tiers: [' gold ', 'gold', ''], until: '' }
    expect(toAnswer(fields)).toEqual({ text: '免邮', tiers: ['gold'] })
  })
})

it('the preview shows the pair’s own words where an answer has none', () => {
  const fields = { ...emptyAnswer(), blocks: [{ ...emptyBlock('text'), text: '见下' }] }
  expect(previewBlocks(fields, ' 5 元。 ')).toEqual([
    { kind: 'text', text: '5 元。', format: 'md' },
    { kind: 'text', text: '见下', format: 'md' },
  ])
  expect(previewBlocks({ ...emptyAnswer(), text: '免邮' }, '5 元。')).toEqual([{ kind: 'text', text: '免邮', format: 'md' }])
})

describe('answersErrors', () => {
  it('finds nothing wrong in a whole answer', () => {
    expect(answersErrors([toAnswerFields(RICH)])).toEqual({})
  })

  it('names what is missing by its path', () => {
    const blocks = [emptyBlock('text'), emptyBlock('image'), emptyBlock('buttons'), emptyBlock('card')]
    const errors = answersErrors([emptyAnswer(), { ...emptyAnswer(), blocks }])
    expect(Object.keys(errors)).toEqual([
      'answers.0.text',
      'answers.1.blocks.0.text',
      'answers.1.blocks.1.url',
      'answers.1.blocks.1.alt',
      'answers.1.blocks.2.buttons.0.title',
      'answers.1.blocks.2.buttons.0.value',
      'answers.1.blocks.3.title',
    ])
  })

  it('takes addresses of pages and pictures from the web only', () => {
    const image = { ...emptyBlock('image'), alt: 'x' }
    const link = { ...emptyButton(), title: 'x', action: 'url' as const }
    const wrong = (url: string) => Object.keys(answersErrors([{ ...emptyAnswer(), blocks: [{ ...image, url }] }]))
    const wrongLink = (value: string) =>
      Object.keys(answersErrors([{ ...emptyAnswer(), blocks: [{ ...emptyBlock('buttons'), buttons: [{ ...link, value }] }] }]))
    expect(wrong('https://a.example/b.png')).toEqual([])
    for (const url of ['javascript:alert(1)', 'data:image/png;base64,x', '/b.png', 'https://']) expect(wrong(url)).toHaveLength(1)
    for (const value of ['http://a.example', 'tel:+86-400-1234', 'mailto:a@b.example']) expect(wrongLink(value)).toEqual([])
    for (const value of ['javascript:alert(1)', 'a.example', 'tel:call me']) expect(wrongLink(value)).toHaveLength(1)
  })

  it('refuses an end before the beginning, whatever the zones', () => {
    const times = { from: '2026-12-01T08:00:00+08:00', until: '2026-12-01T00:00:00+00:00' }
    expect(answersErrors([{ ...emptyAnswer(), text: 'x', ...times }])).toEqual({
      'answers.0.valid_until': '结束时间必须晚于开始时间。',
    })
  })
})

it('the server’s names of fields find their places', () => {
  const places = {
    'answers.1': 'answers.1.text',
    'answers.0.channels.2': 'answers.0.channels',
    'answers.0.blocks.1.buttons.0': 'answers.0.blocks.1.buttons.0.value',
    'answers.0.blocks.1.buttons.0.task': 'answers.0.blocks.1.buttons.0.value',
    'answers.0.blocks.1.buttons.0.title': 'answers.0.blocks.1.buttons.0.title',
    'answers.0.blocks.2.image': 'answers.0.blocks.2.url',
  }
  for (const [theirs, ours] of Object.entries(places)) expect(answerErrorPath(theirs)).toBe(ours)
})

it('what was saved keeps its keys, so that nothing on the page closes', () => {
  const before = [toAnswerFields(RICH)]
  const after = withKeysOf([toAnswerFields(RICH)], before)
  expect(after).toEqual(before)
})
