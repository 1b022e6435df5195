/** Imports: a file is looked at first, and what was looked at is what is imported. */
import { download, request } from './http'

/** A large workbook takes its time. */
const FILE_TIMEOUT_MS = 180_000

export interface ChosenFile {
  name: string
  /** Read once, so that what was checked is what is imported, whatever becomes of the file. */
  content: ArrayBuffer
}

/** How to read a file where it does not tell by itself; `fields` null lets the server guess. */
export interface HowToRead {
  dialect: string
  sheet: string
  fields: string[] | null
  headed: boolean
}

export interface ImportColumn {
  heading: string
  field: string
  sample: string[]
}

export interface BadRow {
  line: number
  column: string
  problem: string
  remedy: string
  cells: string[]
}

export interface AddedPair {
  id: string
  line: number
  question: string
  answer: string
}

export interface Difference {
  field: string
  before: string
  after: string
}

export interface ChangedPair {
  id: string
  line: number
  question: string
  restored: boolean
  differences: Difference[]
}

/** A question of a pair; `line` is null for one of the drafts. */
export interface AskedQuestion {
  id: string
  line: number | null
  question: string
  answer: string
}

export interface Clash {
  asked: AskedQuestion
  other: AskedQuestion
}

export interface ImportCounts {
  added: number
  changed: number
  unchanged: number
  duplicates: number
  conflicts: number
  /** Added and changed pairs that are in a duplicate or a conflict. */
  clashing: number
  bad: number
}

export interface ImportCheck {
  file: string
  dialect: string
  encoding: string | null
  sheet: string | null
  sheets: string[]
  headed: boolean
  columns: ImportColumn[]
  fields: string[]
  /** Why the file cannot be imported as it is read. */
  problem: string | null
  counts: ImportCounts
  added: AddedPair[]
  changed: ChangedPair[]
  duplicates: Clash[]
  conflicts: Clash[]
  bad: BadRow[]
  seen: string | null
}

export interface Imported {
  id: string | null
  added: number
  changed: number
  unchanged: number
  skipped: number
  clashing: number
}

/** What of a file is left out. */
export interface LeftOut {
  bad: boolean
  clashing: boolean
}

export interface ImportRecord {
  id: string
  file: string
  imported_at: number
  imported_by: string
  added: number
  changed: number
  unchanged: number
  undone_at: number | null
  undone_by: string | null
  last: boolean
}

const fileQuery = (file: ChosenFile, how: HowToRead): Record<string, string | undefined> => ({
  file: file.name,
  dialect: how.dialect,
  sheet: how.sheet,
  fields: how.fields?.join(','),
  headed: how.fields && !how.headed ? 'false' : undefined,
})

const sent = (file: ChosenFile, how: HowToRead, more: object = {}) => ({
  query: { ...fileQuery(file, how), ...more },
  file: file.content,
  timeoutMs: FILE_TIMEOUT_MS,
})

export const checkFile = (file: ChosenFile, how: HowToRead): Promise<ImportCheck> =>
  request('POST', '/imports/check', sent(file, how))

/** Imports what was checked as drafts; `conflict` when the drafts changed since. */
export const importFile = (file: ChosenFile, how: HowToRead, seen: string, out: LeftOut): Promise<Imported> =>
  request(
    'POST',
    '/imports',
    sent(file, how, { seen, skip_bad: out.bad ? 'true' : undefined, skip_clashing: out.clashing ? 'true' : undefined }),
  )

/** The bad rows with their reasons, as CSV. */
export const downloadBadRows = (file: ChosenFile, how: HowToRead): Promise<Blob> =>
  download('POST', '/imports/bad-rows', sent(file, how))

export const downloadTemplate = (): Promise<Blob> => download('GET', '/imports/template')

export type ExportForm = 'csv' | 'xlsx' | 'jsonl'

export const downloadPairs = (form: ExportForm): Promise<Blob> =>
  download('GET', '/export', { query: { form }, timeoutMs: FILE_TIMEOUT_MS })

export const listImports = (): Promise<{ items: ImportRecord[] }> => request('GET', '/imports')

export const undoImport = (id: string): Promise<ImportRecord> =>
  request('POST', `/imports/${encodeURIComponent(id)}/undo`)
