/** The operator API's JSON, as the wire has it: snake_case names, times in epoch milliseconds. */
import type { Locale } from '@/i18n'

export interface Operator {
  id: string
  name: string
  role: string
}

export type PairStatus = 'published' | 'draft' | 'changed' | 'archived'

/** What a pair says in one language. */
export interface PairText {
  question: string
  similar: string[]
  answer: string
}

/** A choice in an answer; exactly one of the three says what it does. */
export interface AnswerButton {
  title: string
  say?: string | null
  url?: string | null
  task?: string | null
}

export type AnswerBlock =
  | { kind: 'text'; text: string }
  | { kind: 'image'; url: string; alt: string }
  | { kind: 'buttons'; buttons: AnswerButton[] }
  | { kind: 'card'; title: string; text?: string; image?: string | null; alt?: string; buttons?: AnswerButton[] }

/** One more answer of a pair; times are ISO 8601 with their zone. What is empty is left out. */
export interface Answer {
  text?: string
  blocks?: AnswerBlock[]
  channels?: string[]
  locales?: Locale[]
  tiers?: string[]
  valid_from?: string | null
  valid_until?: string | null
}

/** What an operator may change on a pair. */
export interface PairContent extends PairText {
  locale: Locale
  translations: Partial<Record<Locale, PairText>>
  category: string
  tags: string[]
  task: string | null
  answers: Answer[]
  related: string[]
  valid_from: string | null
  valid_until: string | null
}

/** What an answer may name: channels it is meant for, tasks its buttons start. */
export interface AnswerChoices {
  channels: string[]
  tasks: string[]
}

export interface Pair extends PairContent {
  id: string
  status: PairStatus
  version: number
  updated_at: number
  updated_by: string
}

export interface PairPage {
  items: Pair[]
  total: number
  page: number
  size: number
  categories: { name: string; count: number }[]
  /** Changes that wait to be published. */
  pending: number
}

export interface DuplicateMatch {
  text: string
  pair_id: string
  question: string
}

export interface Release {
  id: string
  created_at: number
  created_by: string
  note: string
  pairs: number
  current: boolean
}

export interface Problem {
  pair_id: string
  field: string
  message: string
}

export interface PairLine {
  id: string
  question: string
}

export interface ReleaseDraft {
  added: PairLine[]
  changed: PairLine[]
  removed: PairLine[]
  problems: Problem[]
}

export interface Candidate {
  id: string
  question: string
  score: number | null
  via: string
  features?: Record<string, number | string | boolean | null>
}

/** What one stage of the cascade did with one turn. */
export interface Step {
  stage: string
  outcome: string
  ms: number
  detail?: string | null
  candidates?: Candidate[]
}

/** A message block; fields depend on the kind, so a reader narrows what it uses. */
export interface Block {
  kind: string
  fallback?: string
  [field: string]: unknown
}

export interface Reply {
  text: string
  blocks?: Block[]
  source: string | null
  ref: string | null
  score?: number | null
  suggestions?: PairLine[]
}

/** The trained model of a turn: its version (empty where it could not be stored), a digest of it. */
export interface ModelName {
  id: string
  digest: string
}

/** A score is null where too little could be held out. */
export interface ModelScores {
  examples: number
  intent_accuracy: number | null
  annotated: number
  entity_f1: number | null
  stories: number
  stories_passed: number
}

export interface Model {
  id: string
  active: boolean
  trained_at: number
  trained_by: string
  digest: string
  size: number
  examples: number
  intents: number
  scores: ModelScores | null
}

export interface ModelList {
  active: string | null
  held: boolean
  items: Model[]
}

export interface AskResult {
  reply: Reply
  steps: Step[]
  model: ModelName | null
}

export interface ConversationSummary {
  id: string
  channel: string
  visitor_id: string
  started_at: number
  last_at: number
  turns: number
  last_text: string
  last_reply: string
  answered_by: string[]
  up: number
  down: number
  handoff: boolean
}

export interface Feedback {
  value: 1 | -1 | 0
  reasons: string[]
  comment: string | null
}

export interface Turn {
  turn_id: string
  at: number
  text: string
  masked: boolean
  reply: Reply
  answered_by: string
  steps: Step[]
  release: string | null
  model: ModelName | null
  locale: string
  feedback: Feedback | null
}

/** One event that a program added over Rasa's HTTP API. */
export interface AddedEvent {
  kind: string
  name: string
  text: string
}

export interface Addition {
  at: number
  events: AddedEvent[]
}

export interface ConversationDetail {
  conversation: ConversationSummary
  turns: Turn[]
  additions: Addition[]
}

export interface CursorPage<Item> {
  items: Item[]
  next: string | null
}

export type LeftMessageStatus = 'open' | 'done'

export interface LeftMessage {
  id: string
  conversation_id: string | null
  created_at: number
  name: string
  contact: string
  text: string
  status: LeftMessageStatus
  note: string | null
  handled_by: string | null
  handled_at: number | null
}

export interface LeftMessagePage extends CursorPage<LeftMessage> {
  /** How many are open, whatever the filter. */
  open: number
}
