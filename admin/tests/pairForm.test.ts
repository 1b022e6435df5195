import { describe, expect, it } from 'vitest'
import { emptyForm, fieldErrorsFrom, formErrors, linesOf, sameContent, toContent, toForm, withSimilar, wordings } from '@/pairForm'
import { somePair } from './pairs'

describe('toForm and toContent', () => {
  it('bring a pair there and back unchanged', () => {
    const pair = somePair()
    expect(sameContent(toContent(toForm(pair)), pair)).toBe(true)
  })

  it('keep further answers, related pairs and times', () => {
    const pair = somePair({
      answers: [{ text: '金卡免邮。', tiers: ['gold'] }],
      related: ['ec-001'],
      valid_until: '2027-01-01T00:00:00+00:00',
    })
    expect(sameContent(toContent(toForm(pair)), pair)).toBe(true)
    expect(sameContent(toContent(toForm(pair)), { ...pair, related: [] })).toBe(false)
    expect(sameContent(toContent(toForm(pair)), { ...pair, answers: [] })).toBe(false)
    expect(withSimilar(pair, '邮费', 'zh')).toMatchObject({ answers: pair.answers, related: pair.related })
  })

  it('leave out a language that has no words', () => {
    expect(toContent({ ...emptyForm('zh'), category: ' 退换 ' })).toMatchObject({ translations: {}, category: '退换', task: null })
  })
})

it('pasted lines are trimmed, kept once and never empty', () => {
  expect(linesOf(' 能退吗 \r\n\r\n怎么退\n能退吗\n')).toEqual(['能退吗', '怎么退'])
})

it('the duplicate check hears every wording of both languages', () => {
  expect(wordings(toForm(somePair()))).toEqual(['支持七天无理由退货吗？', '能退货吗', 'Can I return this?'])
})

describe('formErrors', () => {
  it('asks for question and answer of the main language only', () => {
    expect(Object.keys(formErrors(emptyForm('zh')))).toEqual(['zh.question', 'zh.answer'])
  })

  it('asks for the rest of a translation somebody began', () => {
    const form = toForm(somePair({ translations: { en: { question: 'Can I return this?', similar: [], answer: '' } } }))
    expect(formErrors(form)).toEqual({ 'en.answer': '请写下答案。' })
  })

  it('takes as many similar questions as a file may have, and no more', () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `第${n}种问法`)
    expect(formErrors(toForm(somePair({ similar: many })))).toEqual({})
    expect(formErrors(toForm(somePair({ similar: [...many, '再一种'] })))['zh.similar']).toContain('5,000')
  })

  it('counts an emoji as one character', () => {
    expect(formErrors(toForm(somePair({ question: '🎁'.repeat(500) })))).toEqual({})
    expect(formErrors(toForm(somePair({ question: '🎁'.repeat(501) })))['zh.question']).toContain('500')
  })

  it('names the line that is too long', () => {
    const form = toForm(somePair({ similar: ['能退吗', '长'.repeat(501)] }))
    expect(formErrors(form)['zh.similar']).toContain('第 2 个')
  })
})

it('field names of the server find their places in the form', () => {
  const form = toForm(somePair())
  const found = fieldErrorsFrom({ 'similar.3': 'a', 'translations.en.answer': 'b', 'tags.0': 'c', category: 'd' }, form)
  expect(found).toEqual({ 'zh.similar': 'a', 'en.answer': 'b', tags: 'c', category: 'd' })
})

describe('withSimilar', () => {
  it('adds a wording to the language it is in', () => {
    expect(withSimilar(somePair(), 'return policy', 'en')?.translations.en?.similar).toEqual(['return policy'])
  })

  it('adds it to the main language where the other one is empty', () => {
    expect(withSimilar(somePair({ translations: {} }), 'return policy', 'en')?.similar).toEqual(['能退货吗', 'return policy'])
  })

  it('gives null for a wording that is there already', () => {
    expect(withSimilar(somePair(), ' 能退货吗 ', 'zh')).toBeNull()
  })
})
