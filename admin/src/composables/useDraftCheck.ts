/** The check of the drafts: started by hand, followed while it runs. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type ComputedRef, type Ref } from 'vue'
import { readCheck, startCheck, type DraftCheck, type Replay } from '@/api/contract'
import { keys } from '@/queries'

const FOLLOW_MS = 1_000

export interface DraftCheckFollower {
  check: Ref<DraftCheck | undefined>
  result: ComputedRef<Replay | null>
  error: ComputedRef<unknown>
  starting: Ref<boolean>
  start: () => void
}

export function useDraftCheck(): DraftCheckFollower {
  const queryClient = useQueryClient()
  const { data: check, error: unread } = useQuery({
    queryKey: keys.check,
    queryFn: readCheck,
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? FOLLOW_MS : false),
  })
  const { mutate, isPending, error: refused } = useMutation({
    mutationFn: startCheck,
    onSuccess: (begun) => queryClient.setQueryData(keys.check, begun),
  })
  return {
    check,
    result: computed(() => check.value?.result ?? null),
    error: computed(() => refused.value ?? (check.value ? null : unread.value)),
    starting: isPending,
    start: () => mutate(),
  }
}
