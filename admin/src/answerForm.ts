/** Answers of a pair as the editor's fields hold them, and the way there and back. Pure. */
import type { Answer, AnswerBlock, AnswerButton, Block } from './api/types'
import { LOCALES, t, type Locale } from './i18n'

export const BLOCK_KINDS = ['text', 'buttons', 'image', 'card'] as const
export const BUTTON_ACTIONS = ['say', 'url', 'task'] as const

export type BlockKind = (typeof BLOCK_KINDS)[number]
export type ButtonAction = (typeof BUTTON_ACTIONS)[number]

/** `key` tells list items apart while they move; it is never sent. */
export interface ButtonFields {
  key: string
  title: string
  action: ButtonAction
  value: string
}

/** The fields of every kind of block; which of them count depends on the kind. */
export interface BlockFields {
  key: string
  kind: BlockKind
  text: string
  title: string
  url: string
  alt: string
  buttons: ButtonFields[]
}

/** When an answer holds: times with their zone, as they were written; empty is no limit. */
export interface WindowFields {
  from: string
  until: string
}

export interface AnswerFields extends WindowFields {
  key: string
  text: string
  blocks: BlockFields[]
  channels: string[]
  locales: Locale[]
  tiers: string[]
}

export const ANSWERS_LIMIT = 20
export const BLOCKS_LIMIT = 10
export const RELATED_LIMIT = 5
export const LIMITS = { text: 16_000, title: 40, say: 500, address: 2000, alt: 200, cardTitle: 80, cardText: 200 } as const

const WEB = /^https?:\/\/[^\s/?#@\\]+([/?#]\S*)?$/i
const LINK = /^(https?:\/\/[^\s/?#@\\]+([/?#]\S*)?|tel:\+?[\d().-]+|mailto:[^\s@]+@[^\s@]+)$/i

export function isWebAddress(text: string): boolean {
  return WEB.test(text)
}

export function buttonsLimit(kind: BlockKind): number {
  return kind === 'card' ? 3 : 10
}

export function emptyAnswer(): AnswerFields {
  return { key: newKey(), text: '', blocks: [], channels: [], locales: [], tiers: [], from: '', until: '' }
}

export function emptyBlock(kind: BlockKind): BlockFields {
  const buttons = kind === 'buttons' ? [emptyButton()] : []
  return { key: newKey(), kind, text: '', title: '', url: '', alt: '', buttons }
}

export function emptyButton(): ButtonFields {
  return { key: newKey(), title: '', action: 'say', value: '' }
}

export function toAnswerFields(answer: Answer): AnswerFields {
  return {
    ...emptyAnswer(),
    text: answer.text ?? '',
    blocks: (answer.blocks ?? []).map(toBlockFields),
    channels: [...(answer.channels ?? [])],
    locales: [...(answer.locales ?? [])],
    tiers: [...(answer.tiers ?? [])],
    from: answer.valid_from ?? '',
    until: answer.valid_until ?? '',
  }
}

/** What the fields say, trimmed and without what is empty: just as the server writes it. */
export function toAnswer(fields: AnswerFields): Answer {
  const text = fields.text.trim()
  const lists = {
    channels: words(fields.channels),
    locales: LOCALES.filter((locale) => fields.locales.includes(locale)),
    tiers: words(fields.tiers),
  }
  return {
    ...(text ? { text } : {}),
    ...(fields.blocks.length > 0 ? { blocks: fields.blocks.map(toBlock) } : {}),
    ...Object.fromEntries(Object.entries(lists).filter(([, values]) => values.length > 0)),
    ...(fields.from ? { valid_from: fields.from } : {}),
    ...(fields.until ? { valid_until: fields.until } : {}),
  }
}

/** The answer as a visitor would see it; `own` are the pair's own words. */
export function previewBlocks(fields: AnswerFields, own: string): Block[] {
  const { text, blocks } = toAnswer(fields)
  const said = text ?? own.trim()
  const above: Block[] = said ? [{ kind: 'text', text: said, format: 'md' }] : []
  return [...above, ...(blocks ?? []).map((block): Block => (block.kind === 'text' ? { ...block, format: 'md' } : { ...block }))]
}

/** What must be put right before saving, by path: "answers.0.blocks.1.url". */
export function answersErrors(answers: readonly AnswerFields[]): Record<string, string> {
  const errors: Record<string, string> = {}
  answers.forEach((answer, index) => {
    const at = `answers.${index}`
    if (!answer.text.trim() && answer.blocks.length === 0) errors[`${at}.text`] = t('answer.empty')
    Object.assign(errors, windowErrors(answer, `${at}.`))
    answer.blocks.forEach((block, number) => Object.assign(errors, blockErrors(block, `${at}.blocks.${number}`)))
  })
  return errors
}

export function windowErrors({ from, until }: WindowFields, prefix = ''): Record<string, string> {
  const reversed = from && until && Date.parse(until) <= Date.parse(from)
  return reversed ? { [`${prefix}valid_until`]: t('answer.window_reversed') } : {}
}

/** The server's path of a field under the editor's: the three things a button may do have one field. */
export function answerErrorPath(path: string): string {
  return path
    .replace(/(\.buttons\.\d+)(\.(say|url|task))?$/, '$1.value')
    .replace(/\.(channels|locales|tiers)\.\d+$/, '.$1')
    .replace(/^(answers\.\d+)$/, '$1.text')
    .replace(/\.image$/, '.url')
}

function blockErrors(block: BlockFields, at: string): Record<string, string> {
  const errors: Record<string, string> = {}
  const { kind } = block
  if (kind === 'text' && !block.text.trim()) errors[`${at}.text`] = t('answer.text_missing')
  if (kind === 'card' && !block.title.trim()) errors[`${at}.title`] = t('answer.title_missing')
  if (kind === 'image' || (kind === 'card' && block.url.trim())) {
    if (!isWebAddress(block.url.trim())) errors[`${at}.url`] = t('answer.address_wrong')
    if (kind === 'image' && !block.alt.trim()) errors[`${at}.alt`] = t('answer.alt_missing')
  }
  if (kind === 'buttons' && block.buttons.length === 0) errors[`${at}.buttons`] = t('answer.buttons_missing')
  if (kind === 'buttons' || kind === 'card') {
    block.buttons.forEach((button, n) => Object.assign(errors, buttonErrors(button, `${at}.buttons.${n}`)))
  }
  return errors
}

function buttonErrors({ title, action, value }: ButtonFields, at: string): Record<string, string> {
  const errors: Record<string, string> = {}
  if (!title.trim()) errors[`${at}.title`] = t('answer.button_title_missing')
  if (action === 'url' && !LINK.test(value.trim())) errors[`${at}.value`] = t('answer.link_wrong')
  else if (!value.trim()) errors[`${at}.value`] = t(action === 'say' ? 'answer.say_missing' : 'answer.task_missing')
  return errors
}

function toBlockFields(block: AnswerBlock): BlockFields {
  const fields = { ...emptyBlock(block.kind), buttons: [] as ButtonFields[] }
  switch (block.kind) {
    case 'text':
      return { ...fields, text: block.text }
    case 'image':
      return { ...fields, url: block.url, alt: block.alt }
    case 'buttons':
      return { ...fields, buttons: block.buttons.map(toButtonFields) }
    case 'card': {
      const buttons = (block.buttons ?? []).map(toButtonFields)
      const { title, text = '', image, alt = '' } = block
      return { ...fields, title, text, url: image ?? '', alt, buttons }
    }
  }
}

function toButtonFields(button: AnswerButton): ButtonFields {
  const action = BUTTON_ACTIONS.find((name) => button[name] != null) ?? 'say'
  return { key: newKey(), title: button.title, action, value: button[action] ?? '' }
}

function toBlock(fields: BlockFields): AnswerBlock {
  const [text, title, url, alt] = [fields.text, fields.title, fields.url, fields.alt].map((word) => word.trim()) as [
    string,
    string,
    string,
    string,
  ]
  const buttons = fields.buttons.map(toButton)
  switch (fields.kind) {
    case 'text':
      return { kind: 'text', text }
    case 'image':
      return { kind: 'image', url, alt }
    case 'buttons':
      return { kind: 'buttons', buttons }
    case 'card':
      return {
        kind: 'card',
        title,
        ...(text ? { text } : {}),
        ...(url ? { image: url } : {}),
        ...(alt ? { alt } : {}),
        ...(buttons.length > 0 ? { buttons } : {}),
      }
  }
}

function toButton({ title, action, value }: ButtonFields): AnswerButton {
  return { title: title.trim(), [action]: value.trim() }
}

function words(values: readonly string[]): string[] {
  return [...new Set(values.map((value) => value.trim()))].filter(Boolean)
}

function newKey(): string {
  return Math.random().toString(36).slice(2)
}

/** The same answers under the keys they had, so that a list stays as open as it was. */
export function withKeysOf(next: AnswerFields[], now: readonly AnswerFields[]): AnswerFields[] {
  return keyed(next, now).map((answer, n) => {
    const before = now[n]?.blocks ?? []
    const blocks = keyed(answer.blocks, before).map((block, m) => {
      return { ...block, buttons: keyed(block.buttons, before[m]?.buttons ?? []) }
    })
    return { ...answer, blocks }
  })
}

function keyed<T extends { key: string }>(next: readonly T[], now: readonly { key: string }[]): T[] {
  return next.map((item, n) => ({ ...item, key: now[n]?.key ?? item.key }))
}
