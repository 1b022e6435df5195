/** Tells, shortly after the typing stops, which questions another pair already has. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { checkDuplicates } from '@/api/knowledge'
import type { DuplicateMatch } from '@/api/types'

const DELAY_MS = 400

export interface DuplicateCheck {
  matches: Ref<DuplicateMatch[]>
  checking: Ref<boolean>
  /** True when the last check got no answer; what `matches` says is then out of date. */
  failed: Ref<boolean>
}

export function useDuplicateCheck(questions: () => string[], pairId: () => string | undefined): DuplicateCheck {
  const matches = ref<DuplicateMatch[]>([])
  const checking = ref(false)
  const failed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let request: AbortController | undefined

  async function check(): Promise<void> {
    const current = new AbortController()
    request = current
    try {
      matches.value = await checkDuplicates(questions(), pairId(), current.signal)
      failed.value = false
    } catch {
      if (!current.signal.aborted) failed.value = true
    }
    if (request === current) checking.value = false
  }

  function stop(): void {
    clearTimeout(timer)
    request?.abort()
  }

  watch(
    () => JSON.stringify([pairId(), questions()]),
    () => {
      stop()
      if (questions().length === 0) {
        matches.value = []
        checking.value = false
        return
      }
      checking.value = true
      timer = setTimeout(() => void check(), DELAY_MS)
    },
    { immediate: true },
  )
  onScopeDispose(stop)
  return { matches, checking, failed }
}
