import { describe, expect, it } from 'vitest'
import { locale, switchLocale, t } from '@/i18n'
import en from '@/locales/en.json'
import zh from '@/locales/zh.json'

const sources = import.meta.glob<string>('../src/**/*.{ts,vue}', { query: '?raw', import: 'default', eager: true })
const code = Object.values(sources).join('\n')

const holes = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort()

/** Keys made of a fixed start and a name, as in t(`stage.${stage}`). */
const starts = [...code.matchAll(/`([a-z_.]+)\$\{/g)].map((match) => match[1] ?? '').filter((start) => /^[a-z]+\.|_$/.test(start))

function isUsed(key: string): boolean {
  return code.includes(`'${key}'`) || starts.some((start) => key.startsWith(start))
}

describe('the locale files', () => {
  it('have the same keys in the same order', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    expect(Object.keys(zh)).toEqual(Object.keys(zh).sort())
  })

  it('have words, with the same holes, in both', () => {
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
      expect(zh[key].trim(), key).not.toBe('')
      expect(holes(en[key]), key).toEqual(holes(zh[key]))
      for (const form of en[key].split('|')) expect(form.trim(), key).not.toBe('')
    }
  })

  it('hold no key that nothing uses', () => {
    expect(Object.keys(zh).filter((key) => !isUsed(key))).toEqual([])
  })

  it('leave nothing untranslated', () => {
    const spoken = Object.keys(en).filter((key) => !key.startsWith('language.')) as (keyof typeof en)[]
    expect(spoken.filter((key) => /[\u4e00-\u9fff]/.test(en[key]))).toEqual([])
    expect(spoken.filter((key) => key !== 'reply.block' && !/[\u4e00-\u9fff]/.test(zh[key]))).toEqual([])
  })

  it('never say "system error" and address the operator with respect', () => {
    const all = Object.values(zh).join('\n')
    expect(all).not.toContain('系统错误')
    expect(all).not.toContain('你')
  })

  it('leave no Chinese words in the pages themselves', () => {
    const allowed = ['LanguageSwitch.vue', 'markdown.ts']
    const spoken = Object.entries(sources).filter(
      ([path, text]) => /[\u4e00-\u9fff]/.test(text) && !allowed.some((name) => path.endsWith(name)),
    )
    expect(spoken.map(([path]) => path)).toEqual([])
  })
})

describe('t', () => {
  it('fills the holes and writes numbers as the language does', () => {
    switchLocale('en')
    expect(t('list.range', { first: 1, last: 25, n: 12_345 })).toBe('1–25 of 12,345')
  })

  it('keeps a hole nobody filled visible', () => {
    expect(t('pair.version')).toContain('{version}')
  })

  it('chooses the plural form by the number', () => {
    switchLocale('en')
    expect(t('pending.count', { n: 1 })).toBe('1 change waits to be published')
    expect(t('pending.count', { n: 3 })).toBe('3 changes wait to be published')
  })

  it('has one form in Chinese', () => {
    expect(t('pending.count', { n: 1 })).toBe('1 处修改待发布')
  })
})

describe('switchLocale', () => {
  it('marks the page with the language and remembers it', () => {
    switchLocale('en')

    expect(document.documentElement.lang).toBe('en')
    expect(localStorage.getItem('csb-console:locale')).toBe('en')
    expect(locale.value).toBe('en')
  })
})
