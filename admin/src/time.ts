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

/** A time with its zone as the value of a `datetime-local` field: here, to the minute. */
export function toLocalField(written: string): string {
  const at = new Date(written)
  return Number.isNaN(at.getTime()) ? '' : `${localDate(at)}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** What such a field says, with the zone of this browser; empty for nothing. */
export function fromLocalField(value: string): string {
  const at = new Date(value)
  if (!value || Number.isNaN(at.getTime())) return ''
  return `${localDate(at)}T${two(at.getHours())}:${two(at.getMinutes())}:00${offset(at)}`
}

/** The zone of this browser at a time: "+08:00". */
export function offset(at: Date): string {
  const minutes = -at.getTimezoneOffset()
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Day and time short enough for a line: "Dec 1, 2026, 8:00 AM". */
export function dayAndTime(written: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(written))
}

function localDate(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

function dateOnly(at: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at)
}
