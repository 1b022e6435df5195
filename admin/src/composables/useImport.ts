/** The steps of an import: choose a file, say what its columns are, look at the report, apply. */
import { useQueryClient } from '@tanstack/vue-query'
import { ref, type Ref } from 'vue'
import { ApiError } from '@/api/http'
import {
  checkFile,
  importFile,
  type ChosenFile,
  type HowToRead,
  type ImportCheck,
  type Imported,
  type LeftOut,
} from '@/api/imports'
import { errorText } from '@/errors'
import { t } from '@/i18n'
import { keys } from '@/queries'

export const STEPS = ['choose', 'columns', 'report', 'done'] as const
export type ImportStep = (typeof STEPS)[number]

export const MOST_MEGABYTES = 20
export const ENDINGS = ['.csv', '.tsv', '.txt', '.xlsx', '.xlsm', '.json', '.jsonl', '.ndjson']

const asItIs = (): HowToRead => ({ dialect: '', sheet: '', fields: null, headed: true })

export interface ImportWizard {
  step: Ref<ImportStep>
  file: Ref<ChosenFile | null>
  how: Ref<HowToRead>
  found: Ref<ImportCheck | null>
  done: Ref<Imported | null>
  /** What the server is busy with. */
  busy: Ref<'check' | 'import' | null>
  /** What went wrong, as a sentence. */
  problem: Ref<string>
  /** The report is older than the options, or than the drafts. */
  stale: Ref<boolean>
  choose: (file: File) => Promise<void>
  change: (changes: Partial<HowToRead>) => void
  toReport: () => Promise<void>
  checkAgain: () => Promise<void>
  apply: (out: LeftOut) => Promise<void>
  back: () => void
  restart: () => void
}

/** Why this file is not worth sending, "" when it is. */
function wrongFile(file: File): string {
  const name = file.name.toLowerCase()
  if (name.endsWith('.xls')) return t('import.old_xls')
  if (!ENDINGS.some((ending) => name.endsWith(ending))) return t('import.wrong_ending', { name: file.name })
  if (file.size === 0) return t('import.empty', { name: file.name })
  return file.size > MOST_MEGABYTES * 1024 * 1024 ? t('import.too_large', { n: MOST_MEGABYTES }) : ''
}

function sentence(error: unknown): string {
  // A proxy in between has its own limit, and not our words.
  if (error instanceof ApiError && error.status === 413) return t('import.too_large_proxy')
  return errorText(error)
}

export function useImport(): ImportWizard {
  const queryClient = useQueryClient()
  const step = ref<ImportStep>('choose')
  const file = ref<ChosenFile | null>(null)
  const how = ref<HowToRead>(asItIs())
  const found = ref<ImportCheck | null>(null)
  const done = ref<Imported | null>(null)
  const busy = ref<'check' | 'import' | null>(null)
  const problem = ref('')
  const stale = ref(false)

  /** Do one thing at a time, and tell what became of it. */
  async function working(what: 'check' | 'import', work: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = what
    problem.value = ''
    try {
      await work()
    } catch (error) {
      problem.value = sentence(error)
      if (error instanceof ApiError && error.code === 'conflict') stale.value = true
    } finally {
      busy.value = null
    }
  }

  async function check(): Promise<void> {
    if (!file.value) return
    found.value = await checkFile(file.value, how.value)
    stale.value = false
  }

  async function choose(chosen: File): Promise<void> {
    problem.value = wrongFile(chosen)
    if (problem.value) return
    await working('check', async () => {
      file.value = { name: chosen.name, content: await chosen.arrayBuffer() }
      how.value = asItIs()
      await check()
      step.value = 'columns'
    })
  }

  function change(changes: Partial<HowToRead>): void {
    how.value = { ...how.value, ...changes }
    stale.value = true
  }

  async function toReport(): Promise<void> {
    await working('check', async () => {
      if (stale.value || found.value?.problem) await check()
      if (found.value && !found.value.problem) step.value = 'report'
    })
  }

  async function apply(out: LeftOut): Promise<void> {
    await working('import', async () => {
      const seen = found.value?.seen
      if (!file.value || !seen) return
      done.value = await importFile(file.value, how.value, seen, out)
      step.value = 'done'
      await Promise.all(
        [keys.pairs, keys.imports, keys.draft].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      )
    })
  }

  function back(): void {
    problem.value = ''
    step.value = step.value === 'report' ? 'columns' : 'choose'
  }

  function restart(): void {
    step.value = 'choose'
    file.value = found.value = done.value = null
    how.value = asItIs()
    problem.value = ''
    stale.value = false
  }

  const checkAgain = (): Promise<void> => working('check', check)
  return { step, file, how, found, done, busy, problem, stale, choose, change, toReport, checkAgain, apply, back, restart }
}
