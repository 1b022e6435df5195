import { describe, expect, it } from 'vitest'
import { switchLocale } from '@/i18n'
import { columnLetters, fieldLabel, formLabel, withField } from '@/importFields'

describe('fieldLabel', () => {
  it('speaks the language of the page, with the language of a translation', () => {
    expect(['answer', 'en.answer', 'en'].map(fieldLabel)).toEqual(['答案', '答案 · English', 'English'])
    switchLocale('en')
    expect(fieldLabel('zh.similar')).toBe('Similar questions · 中文')
  })

  it('leaves a field that nobody knows as it is', () => {
    expect(['channel', 'fr.answer'].map(fieldLabel)).toEqual(['channel', '答案 · fr'])
  })
})

describe('withField', () => {
  it('takes a field for one text away from the column that had it', () => {
    expect(withField(['question', '', 'answer'], 1, 'question')).toEqual(['', 'question', 'answer'])
    expect(withField(['question', 'en.answer', ''], 2, 'en.answer')).toEqual(['question', '', 'en.answer'])
  })

  it('lets several columns be similar questions, tags, or left out', () => {
    expect(withField(['similar', 'en.similar', '', 'x'], 3, 'similar')).toEqual(['similar', 'en.similar', '', 'similar'])
    expect(withField(['', 'en.similar', 'x'], 2, 'en.similar')).toEqual(['', 'en.similar', 'en.similar'])
    expect(withField(['', 'answer'], 1, '')).toEqual(['', ''])
  })
})

it('names columns as spreadsheets do', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
})

it('names a form by its system, ours in words', () => {
  expect([formLabel('maxkb'), formLabel('cs-bot')]).toEqual(['MaxKB', '普通表格（cs_bot）'])
})
