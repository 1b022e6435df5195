/** Times and numbers in words, through `Intl`. */
import type { Locale } from './i18n'

const SECOND_MS = 1000
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const RELATIVE_LIMIT_MS = 30 * 86_400_000

/** "3 minutes ago"; a date once it is a month away. */
export function relativeTime(at: number, now: number, locale: Locale): string {
  const difference = at - now
  if (Math.abs(difference) >= RELATIVE_LIMIT_MS) return dateOnly(at, locale)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  for (const [unit, size] of UNITS) {
    if (Math.abs(difference) >= size) return format.format(Math.trunc(difference / size), unit)
  }
  return format.format(Math.trunc(Math.min(0, difference) / SECOND_MS / 60), 'second')
}

export function absoluteTime(at: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(at)
}

export function clockTime(at: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(at)
}

/** Milliseconds short enough for a table cell: "<0.1 ms", "0.4 ms", "12 ms", "1.4 s". */
export function duration(ms: number): string {
  if (ms < 0.05) return '<0.1 ms'
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`
}

/** How long all of something took together. */
export function totalDuration(parts: readonly { ms: number }[]): string {
  return duration(parts.reduce((sum, part) => sum + part.ms, 0))
}

function dateOnly(at: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at)
}
