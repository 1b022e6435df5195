/** The console's words in the operator's language: one ref, one lookup, two flat files. */
import { ref } from 'vue'
import en from './locales/en.json'
import zh from './locales/zh.json'

export type Locale = 'zh' | 'en'
export type MessageKey = keyof typeof zh
export type MessageValues = Record<string, string | number>

export const LOCALES: readonly Locale[] = ['zh', 'en']

const STORAGE_KEY = 'csb-console:locale'
const messages: Record<Locale, Record<MessageKey, string>> = { zh, en }

export const locale = ref<Locale>(remembered() ?? preferred())
document.documentElement.lang = locale.value

/**
 * The sentence for `key` with `{name}` filled in. A text with `|` holds plural forms, the one for
 * "one" first; `n` chooses.
 */
export function t(key: MessageKey, values: MessageValues = {}): string {
  return fill(plural(messages[locale.value][key], values.n), values)
}

export function isMessageKey(key: string): key is MessageKey {
  return key in zh
}

/** Switch the language of the page and keep it for the next visit. */
export function switchLocale(next: Locale): void {
  locale.value = next
  document.documentElement.lang = next
  try {
    localStorage.setItem(STORAGE_KEY, next)
  } catch {
    // Storage may be closed (private mode); the choice then lasts as long as the page.
  }
}

function plural(text: string, n: string | number | undefined): string {
  const forms = text.split('|')
  if (typeof n !== 'number' || forms.length === 1) return text
  const form = new Intl.PluralRules(locale.value).select(n) === 'one' ? forms[0] : forms[1]
  return form ?? text
}

function fill(text: string, values: MessageValues): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name]
    if (value === undefined) return hole
    return typeof value === 'number' ? value.toLocaleString(locale.value) : value
  })
}

function remembered(): Locale | undefined {
  try {
    const stored = localStorage.getItem(STORAGE_KEY)
    return LOCALES.find((name) => name === stored)
  } catch {
    return undefined
  }
}

function preferred(): Locale {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
