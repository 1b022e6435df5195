/** Labelled questions: what customers ask, and which pair answers it. */
import { request } from './http'

export interface Label {
  id: string
  question: string
  /** Null where there is no answer. */
  pair_id: string | null
  /** Null where there is no answer, and where the drafts no longer hold the pair. */
  pair_question: string | null
  labelled_at: number
  labelled_by: string
}

/** One page of labels; the counts are those of all labels. */
export interface LabelPage {
  items: Label[]
  total: number
  page: number
  size: number
  answerable: number
  unanswerable: number
}

export interface LabelFilters {
  search: string
  pair_id: string
  /** `yes`, `no` or empty for both. */
  answerable: string
  page: number
}

export interface LabelledQuestion {
  question: string
  pair_id: string | null
}

export interface LabelCounts {
  added: number
  changed: number
  unchanged: number
}

const ANSWERABLE: Record<string, string> = { yes: 'true', no: 'false' }

export const listLabels = (filters: LabelFilters, size: number): Promise<LabelPage> =>
  request('GET', '/labels', { query: { ...filters, answerable: ANSWERABLE[filters.answerable], size } })

/** All or nothing; a later label of a question replaces an earlier one. */
export const label = (questions: LabelledQuestion[]): Promise<LabelCounts> =>
  request('POST', '/labels', { body: { questions } })

export const forgetLabel = (id: string): Promise<void> => request('DELETE', `/labels/${encodeURIComponent(id)}`)

/** How many questions are labelled. */
export const countLabels = async (): Promise<number> => {
  const page = await listLabels({ search: '', pair_id: '', answerable: '', page: 1 }, 1)
  return page.answerable + page.unanswerable
}

/** The label of exactly this question, if there is one. */
export async function findLabel(question: string): Promise<Label | null> {
  const page = await listLabels({ search: question, pair_id: '', answerable: '', page: 1 }, 200)
  return page.items.find((one) => one.question === question) ?? null
}

/** Where the browser downloads all labels as JSON lines. */
export const LABELS_FILE = '/api/v1/admin/labels/file'
