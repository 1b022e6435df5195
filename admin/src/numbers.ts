/** Shares and probabilities in words, through `Intl`. */
import type { Locale } from './i18n'

/** "41%", and "0.4%" where whole percents would hide it. */
export function percent(share: number, locale: Locale, digits = share < 0.1 ? 1 : 0): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share)
}

/** A probability with two digits: "0.84". */
export function probability(value: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value)
}

/** A difference of two shares in points, with its sign: "+4", "−0.5", "±0". */
export function points(difference: number, locale: Locale): string {
  const value = Math.round(difference * 1000) / 10
  if (value === 0) return '±0'
  return new Intl.NumberFormat(locale, { signDisplay: 'always', maximumFractionDigits: 1 }).format(value)
}
