/** A pair as the editor's fields hold it, and the way there and back. Pure; knows no component. */
import {
  answerErrorPath,
  answersErrors,
  toAnswer,
  toAnswerFields,
  windowErrors,
  type AnswerFields,
  type WindowFields,
} from './answerForm'
import type { Pair, PairContent, PairText } from './api/types'
import { LOCALES, t, type Locale } from './i18n'

/** One language's fields; similar questions are lines. */
export interface TextFields {
  question: string
  similar: string
  answer: string
}

export interface PairForm {
  /** The wish of an operator who adds a pair; empty lets the server choose. */
  id: string
  locale: Locale
  texts: Record<Locale, TextFields>
  category: string
  tags: string[]
  task: string
  answers: AnswerFields[]
  /** Ids of the pairs whose questions are offered under the answer. */
  related: string[]
  /** When the pair's own answer holds. */
  window: WindowFields
}

/** "zh.question" and the like; others are the form's own names. */
export type FieldErrors = Record<string, string>

const OWN_FIELD = /^((zh|en)\.(question|answer|similar)|category|tags|task|id|answers|related|valid_from|valid_until)$/
const ANSWER_FIELD =
  /^answers\.\d+\.(text|channels|locales|tiers|valid_from|valid_until|blocks|blocks\.\d+\.(text|url|alt|title|buttons|buttons\.\d+\.(title|value)))$/

export const QUESTION_LIMIT = 500
export const ANSWER_LIMIT = 16_000
export const SIMILAR_LIMIT = 5_000

export function emptyForm(locale: Locale): PairForm {
  return {
    id: '',
    locale,
    texts: { zh: emptyText(), en: emptyText() },
    category: '',
    tags: [],
    task: '',
    answers: [],
    related: [],
    window: { from: '', until: '' },
  }
}

export function toForm(content: PairContent): PairForm {
  const form = emptyForm(content.locale)
  for (const locale of LOCALES) {
    const text = locale === content.locale ? content : content.translations[locale]
    if (text) form.texts[locale] = { question: text.question, similar: text.similar.join('\n'), answer: text.answer }
  }
  return {
    ...form,
    category: content.category,
    tags: [...content.tags],
    task: content.task ?? '',
    answers: content.answers.map(toAnswerFields),
    related: [...content.related],
    window: { from: content.valid_from ?? '', until: content.valid_until ?? '' },
  }
}

/** What the fields say, trimmed; a language without a word in it is left out. */
export function toContent(form: PairForm): PairContent {
  const others = LOCALES.filter((locale) => locale !== form.locale && !isBlank(form.texts[locale]))
  return {
    ...textOf(form.texts[form.locale]),
    locale: form.locale,
    translations: Object.fromEntries(others.map((locale) => [locale, textOf(form.texts[locale])])),
    category: form.category.trim(),
    tags: form.tags.map((tag) => tag.trim()).filter(Boolean),
    task: form.task.trim() || null,
    answers: form.answers.map(toAnswer),
    related: [...form.related],
    valid_from: form.window.from || null,
    valid_until: form.window.until || null,
  }
}

/** Non-empty lines, each once, in their order. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split(/\r?\n/).map((line) => line.trim()))].filter(Boolean)
}

/** Every wording of the pair in every language: what the duplicate check asks about. */
export function wordings(form: PairForm): string[] {
  const all = LOCALES.flatMap((locale) => {
    const { question, similar } = form.texts[locale]
    return [question.trim(), ...linesOf(similar)]
  })
  return [...new Set(all)].filter(Boolean)
}

export function isBlank(text: TextFields): boolean {
  return !(text.question.trim() || text.similar.trim() || text.answer.trim())
}

/** What must be put right before saving, one sentence per field. */
export function formErrors(form: PairForm): FieldErrors {
  const errors: FieldErrors = {}
  for (const locale of LOCALES) {
    const text = form.texts[locale]
    if (locale !== form.locale && isBlank(text)) continue
    for (const [field, sentence] of Object.entries(textErrors(text))) errors[`${locale}.${field}`] = sentence
  }
  return { ...errors, ...windowErrors(form.window), ...answersErrors(form.answers) }
}

/** Whether the editor has a place to show what is wrong with this field. */
export function hasField(name: string): boolean {
  return OWN_FIELD.test(name) || ANSWER_FIELD.test(name)
}

/** The server's field names under the form's: `question` is the pair's own language. */
export function fieldErrorsFrom(server: Record<string, string>, form: PairForm): FieldErrors {
  const entries = Object.entries(server).map(([name, sentence]) => {
    if (/^answers\.\d/.test(name)) return [answerErrorPath(name), sentence]
    const path = name.replace(/^translations\./, '').replace(/[.[]\d+\]?$/, '')
    return [/^(question|answer|similar)$/.test(path) ? `${form.locale}.${path}` : path, sentence]
  })
  return Object.fromEntries(entries)
}

export function sameContent(one: PairContent, other: PairContent): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other))
}

/** The pair with one more wording in `locale`; null when it has it already. */
export function withSimilar(pair: Pair, question: string, locale: Locale): PairContent | null {
  const form = toForm(pair)
  // A pair that has nothing in that language yet gets the wording in its own.
  const place = isBlank(form.texts[locale]) ? form.locale : locale
  const text = form.texts[place]
  const known = [text.question.trim(), ...linesOf(text.similar)]
  if (known.includes(question.trim())) return null
  form.texts[place] = { ...text, similar: [...linesOf(text.similar), question.trim()].join('\n') }
  return toContent(form)
}

function textErrors(text: TextFields): FieldErrors {
  const errors: FieldErrors = {}
  const question = text.question.trim()
  const similar = linesOf(text.similar)
  const long = similar.findIndex((line) => lengthOf(line) > QUESTION_LIMIT)
  if (!question) errors.question = t('pair.question_missing')
  if (lengthOf(question) > QUESTION_LIMIT) errors.question = t('pair.question_long', { n: QUESTION_LIMIT })
  if (!text.answer.trim()) errors.answer = t('pair.answer_missing')
  if (lengthOf(text.answer) > ANSWER_LIMIT) errors.answer = t('pair.answer_long', { n: ANSWER_LIMIT })
  if (long >= 0) errors.similar = t('pair.similar_long', { line: long + 1, n: QUESTION_LIMIT })
  if (similar.length > SIMILAR_LIMIT) errors.similar = t('pair.similar_many', { n: SIMILAR_LIMIT })
  return errors
}

/** Characters as the server counts them: an emoji is one. */
function lengthOf(text: string): number {
  return [...text].length
}

function canonical(content: PairContent): unknown {
  const { question, similar, answer, locale, category, tags, task, related } = content
  const translations = LOCALES.map((name) => {
    const text = content.translations[name]
    return text ? [name, text.question, text.similar, text.answer] : null
  })
  // Through the fields and back, which leaves out what is empty in either.
  const answers = content.answers.map((one) => toAnswer(toAnswerFields(one)))
  const window = [content.valid_from, content.valid_until].map((at) => at || null)
  return [question, similar, answer, locale, category, tags, task, translations, answers, related, window]
}

function textOf(text: TextFields): PairText {
  return { question: text.question.trim(), similar: linesOf(text.similar), answer: text.answer.trim() }
}

function emptyText(): TextFields {
  return { question: '', similar: '', answer: '' }
}
