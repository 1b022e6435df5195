/** How the console caches what it read, and the keys it is cached under. */
import { QueryClient } from '@tanstack/vue-query'
import { ApiError } from './api/http'

const FRESH_MS = 5_000
const RETRIES = 2

export const keys = {
  pairs: ['pairs'],
  /** What any change of a pair makes old: the lists and the number that waits. */
  pairLists: ['pairs', 'list'],
  pair: (id: string) => ['pairs', 'one', id],
  answerChoices: ['answer-choices'],
  releases: ['releases'],
  draft: ['releases', 'draft'],
  imports: ['imports'],
  models: ['models'],
  contract: ['contract'],
  labels: ['labels'],
  check: ['check'],
  conversations: ['conversations'],
  conversation: (id: string) => ['conversations', 'one', id],
  messages: ['messages'],
} as const

/** Only what may pass by itself is tried again: no answer, or a server that is busy. */
function mayPass(error: unknown): boolean {
  return error instanceof ApiError && ['network', 'timeout', 'unavailable'].includes(error.code)
}

export function createConsoleQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        networkMode: 'always',
        retry: (failures, error) => failures < RETRIES && mayPass(error),
      },
      mutations: { networkMode: 'always' },
    },
  })
}
