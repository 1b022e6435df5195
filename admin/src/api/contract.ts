/** The promise behind direct answers, and the check of the drafts before they are published. */
import { request } from './http'

/** One cut: the share of labelled questions answered directly, and how many of them wrong. */
export interface CurvePoint {
  cut: number
  coverage: number
  risk: number
  bound: number
}

/** A pair whose labelled questions often miss a direct answer. */
export interface Advice {
  pair_id: string
  question: string
  labelled: number
  direct: number
  listed: number
  wordings: number
  confused_with: string | null
  confused_question: string | null
}

/** What the labelled questions came to; labels that are stale or exact count in nothing else. */
export interface Contract {
  /** What answers go by: the proven cut; without one, lists or the settings' thresholds. */
  holds: 'cut' | 'lists' | 'thresholds'
  /** As stated; 0 promises nothing. */
  risk: number
  /** Null where no cut is proven. */
  cut: number | null
  list_cut: number | null
  labelled: number
  needed: number
  answerable: number
  right_first: number
  right_listed: number
  stale: number
  exact: number
  coverage: number
  curve: CurvePoint[]
  advice: Advice[]
}

export type Zone = 'answer' | 'suggest' | 'none'
export type Verdict = 'better' | 'worse' | 'other'

/** What a customer would get. */
export interface Outcome {
  zone: Zone
  pair_id: string | null
  question: string | null
  probability: number
}

/** A question whose answer would change. */
export interface Change {
  question: string
  labelled: boolean
  gold: string | null
  before: Outcome
  after: Outcome
  edited: boolean
  verdict: Verdict
}

export interface Replay {
  labelled: number
  real: number
  changed: number
  better: number
  worse: number
  /** The first 500, those that get worse first. */
  changes: Change[]
  before: Contract | null
  after: Contract
}

export type CheckStep = 'index' | 'ask' | 'compare'

export interface DraftCheck {
  state: 'absent' | 'stale' | 'running' | 'done' | 'failed'
  step: CheckStep | null
  done: number
  total: number
  result: Replay | null
  error: string | null
}

/** Null before labelled questions were asked. */
export const readContract = (): Promise<Contract | null> => request('GET', '/contract')

export const readCheck = (): Promise<DraftCheck> => request('GET', '/releases/draft/check')

export const startCheck = (): Promise<DraftCheck> => request('POST', '/releases/draft/check')
