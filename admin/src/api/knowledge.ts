/** Pairs, their releases, and one question asked through the cascade. */
import type { Locale } from '@/i18n'
import { request } from './http'
import type { AnswerChoices, AskResult, DuplicateMatch, Pair, PairContent, PairPage, Release, ReleaseDraft } from './types'

export interface PairFilters {
  search: string
  category: string
  status: string
  page: number
}

const pairPath = (id: string): string => `/pairs/${encodeURIComponent(id)}`

export const listPairs = (filters: PairFilters, size: number): Promise<PairPage> =>
  request('GET', '/pairs', { query: { ...filters, size } })

export const readPair = (id: string): Promise<Pair> => request('GET', pairPath(id))

/** Without an id the server makes one. */
export const createPair = (content: PairContent, id?: string): Promise<Pair> =>
  request('POST', '/pairs', { body: id ? { id, ...content } : content })

/** `version` is the one that was read; a newer one on the server gives `conflict`. */
export const updatePair = (id: string, content: PairContent, version: number): Promise<Pair> =>
  request('PUT', pairPath(id), { body: { ...content, version } })

export const archivePair = (id: string): Promise<Pair> => request('DELETE', pairPath(id))

export const restorePair = (id: string): Promise<Pair> => request('POST', `${pairPath(id)}/restore`)

/** Which of the questions equal, after normalisation, a question of another pair. */
export async function checkDuplicates(
  questions: string[],
  id: string | undefined,
  signal?: AbortSignal,
): Promise<DuplicateMatch[]> {
  const body = id ? { id, questions } : { questions }
  const found = await request<{ equal: DuplicateMatch[] }>('POST', '/pairs/check', { body, signal })
  return found.equal
}

export const readAnswerChoices = (): Promise<AnswerChoices> => request('GET', '/answer-choices')

export const listReleases = (): Promise<{ current: string | null; items: Release[] }> => request('GET', '/releases')

export const readDraft = (): Promise<ReleaseDraft> => request('GET', '/releases/draft')

export const publish = (note: string): Promise<Release> => request('POST', '/releases', { body: { note } })

export const rollBack = (id: string): Promise<Release> =>
  request('POST', `/releases/${encodeURIComponent(id)}/rollback`)

/** The situation an answer may depend on; what is empty is as it is here and now. */
export interface Situation {
  channel: string
  tier: string
  at: string
}

export const ask = (text: string, locale: Locale, { channel, tier, at }: Situation): Promise<AskResult> =>
  request('POST', '/ask', { body: { text, locale, channel, tier, at: at || null } })
