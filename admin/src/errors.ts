/** Errors as sentences: what happened and what the operator can do. */
import { ApiError } from './api/http'
import { t } from './i18n'

/** Our own words for the kind of error, then the server's own words where they say more. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.internal')
  const seconds = error.retryAfterSeconds
  if (error.code === 'rate_limited' && seconds !== null) return t('error.rate_limited_for', { n: seconds })
  const own = t(`error.${error.code}`)
  return SPECIFIC.has(error.code) && error.message ? `${own} ${error.message}` : own
}

/** Codes whose server sentence names the very thing that is wrong. */
const SPECIFIC = new Set(['conflict', 'invalid', 'internal', 'unavailable'])
