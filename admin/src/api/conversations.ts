/** What visitors and the bot said, and the messages visitors left. */
import { request } from './http'
import type {
  ConversationDetail,
  ConversationSummary,
  CursorPage,
  LeftMessage,
  LeftMessagePage,
  LeftMessageStatus,
} from './types'

export interface ConversationFilters {
  search: string
  answered_by: string
  /** Epoch milliseconds; 0 means no limit. */
  from: number
}

const CONVERSATIONS_PER_PAGE = 30

export const listConversations = (
  filters: ConversationFilters,
  cursor?: string,
): Promise<CursorPage<ConversationSummary>> =>
  request('GET', '/conversations', {
    query: {
      search: filters.search,
      answered_by: filters.answered_by,
      from: filters.from || undefined,
      cursor,
      size: CONVERSATIONS_PER_PAGE,
    },
  })

export const readConversation = (id: string): Promise<ConversationDetail> =>
  request('GET', `/conversations/${encodeURIComponent(id)}`)

export const listLeftMessages = (status: LeftMessageStatus, cursor?: string): Promise<LeftMessagePage> =>
  request('GET', '/left-messages', { query: { status, cursor } })

export const markLeftMessage = (id: string, status: LeftMessageStatus, note: string): Promise<LeftMessage> =>
  request('PATCH', `/left-messages/${encodeURIComponent(id)}`, { body: { status, note } })
