/** Labels questions, in batches the server takes, and makes old what was read of labels before. */
import { useQueryClient } from '@tanstack/vue-query'
import { ApiError } from '@/api/http'
import { forgetLabel, label, type LabelCounts, type LabelledQuestion } from '@/api/labels'
import type { LabelledLine, LineProblem } from '@/labelledFile'
import { keys } from '@/queries'

const BATCH = 1_000

export interface Labelling {
  one: (question: string, pairId: string | null) => Promise<LabelCounts>
  /** Rows that the server refuses are told by line; the others are labelled. */
  many: (rows: LabelledLine[], progress: (done: number) => void) => Promise<LabelCounts & { problems: LineProblem[] }>
  forget: (id: string) => Promise<void>
}

export function useLabelling(): Labelling {
  const queryClient = useQueryClient()

  async function outdate(): Promise<void> {
    await Promise.all(
      [keys.labels, keys.contract, keys.check].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    )
  }

  return {
    async one(question, pairId) {
      const counts = await label([{ question, pair_id: pairId }])
      await outdate()
      return counts
    },
    async many(rows, progress) {
      const sum = { added: 0, changed: 0, unchanged: 0, problems: [] as LineProblem[] }
      try {
        for (let start = 0; start < rows.length; start += BATCH) {
          const counts = await labelGood(rows.slice(start, start + BATCH), sum.problems)
          sum.added += counts.added
          sum.changed += counts.changed
          sum.unchanged += counts.unchanged
          progress(Math.min(rows.length, start + BATCH))
        }
      } finally {
        await outdate()
      }
      return sum
    },
    async forget(id) {
      await forgetLabel(id)
      await outdate()
    },
  }
}

/** The server takes all rows or none and names the bad ones: leave those out and send the rest. */
async function labelGood(rows: LabelledLine[], problems: LineProblem[]): Promise<LabelCounts> {
  if (rows.length === 0) return { added: 0, changed: 0, unchanged: 0 }
  try {
    return await label(rows.map(({ question, pair_id }): LabelledQuestion => ({ question, pair_id })))
  } catch (error) {
    const refused = refusedRows(error)
    if (refused.size === 0) throw error
    rows.forEach((row, place) => {
      const text = refused.get(place)
      if (text !== undefined) problems.push({ line: row.line, text })
    })
    return labelGood(rows.filter((_, place) => !refused.has(place)), problems)
  }
}

/** Sentences by the place of the row, from fields such as `questions.3.pair_id`. */
function refusedRows(error: unknown): Map<number, string> {
  const found = new Map<number, string>()
  if (!(error instanceof ApiError) || error.code !== 'invalid') return found
  for (const [field, text] of Object.entries(error.fields)) {
    const place = /^questions\.(\d+)(?:\.|$)/.exec(field)?.[1]
    if (place !== undefined) found.set(Number(place), text)
  }
  return found
}
