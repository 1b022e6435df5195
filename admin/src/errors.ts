/** Errors as sentences: what happened and what the operator can do. */
import { ApiError, type ErrorCode } from './api/http'
import { t } from './i18n'

/** Where the server knows more than we do; it writes in the operator's language. */
const SAID_BY_SERVER = new Set<ErrorCode>(['conflict', 'invalid', 'not_found', 'internal', 'unavailable'])

/** The server's own sentence where it names the very thing, else ours for this kind of error. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.internal')
  const seconds = error.retryAfterSeconds
  if (error.code === 'rate_limited' && seconds !== null) return t('error.rate_limited_for', { n: seconds })
  if (!SAID_BY_SERVER.has(error.code) || !error.message) return t(`error.${error.code}`)
  return [error.message, ...new Set(Object.values(error.fields))].join(' ')
}
