/** Reads labelled questions from JSON lines: `{"query", "faq_id"}`, null where there is no answer. */
import type { LabelledQuestion } from './api/labels'
import { t } from './i18n'

export const MOST_CHARACTERS = 500

/** A labelled question and the line it stands on, from one. */
export interface LabelledLine extends LabelledQuestion {
  line: number
}

export interface LineProblem {
  line: number
  text: string
}

export interface LabelledFile {
  rows: LabelledLine[]
  problems: LineProblem[]
}

/** Every line is read by itself: a bad one is named and hinders no other. */
export function readLabelledFile(text: string): LabelledFile {
  const file: LabelledFile = { rows: [], problems: [] }
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .forEach((content, place) => {
      if (content.trim() === '') return
      const row = readRow(content)
      if (typeof row === 'string') file.problems.push({ line: place + 1, text: row })
      else file.rows.push({ line: place + 1, ...row })
    })
  return file
}

/** The labelled question of one line, or the sentence that says why there is none. */
function readRow(content: string): LabelledQuestion | string {
  const row = parsed(content)
  if (row === null) return t('labels.bad_json')
  const question = row.query ?? row.question
  if (typeof question !== 'string' || question.trim() === '') return t('labels.bad_question')
  if ([...question.trim()].length > MOST_CHARACTERS) return t('labels.bad_length', { n: MOST_CHARACTERS })
  const pairId = 'faq_id' in row ? row.faq_id : row.pair_id
  if (pairId !== null && (typeof pairId !== 'string' || pairId.trim() === '')) return t('labels.bad_pair')
  return { question: question.trim(), pair_id: pairId }
}

function parsed(content: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
