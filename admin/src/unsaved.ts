/** Unsaved work kept for this tab, so that an ended session or a reload costs no typing. */
import type { PairForm } from './pairForm'

interface Kept {
  /** The version the work started from; null for a pair that does not exist yet. */
  version: number | null
  form: PairForm
}

const key = (id: string | undefined): string => `csb-console:unsaved:${id ?? 'new'}`

export function keepUnsaved(id: string | undefined, kept: Kept): void {
  try {
    sessionStorage.setItem(key(id), JSON.stringify(kept))
  } catch {
    // No room or no storage: the work lives on in the page only.
  }
}

export function readUnsaved(id: string | undefined): Kept | null {
  try {
    const text = sessionStorage.getItem(key(id))
    return text ? (JSON.parse(text) as Kept) : null
  } catch {
    return null
  }
}

export function dropUnsaved(id: string | undefined): void {
  try {
    sessionStorage.removeItem(key(id))
  } catch {
    // Nothing was kept.
  }
}
