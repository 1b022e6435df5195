/** A page opened before an update asks for files that are gone: load the new console instead. */

const STORAGE_KEY = 'csb-console:reloaded'
const PAUSE_MS = 30_000

/** Reload when a part of the console is missing, but not again and again while a server is down. */
export function reloadWhenReplaced(): void {
  window.addEventListener('vite:preloadError', (event) => {
    if (Date.now() - lastReload() < PAUSE_MS) return
    event.preventDefault()
    remember()
    window.location.reload()
  })
}

function lastReload(): number {
  try {
    return Number(sessionStorage.getItem(STORAGE_KEY))
  } catch {
    return Date.now()
  }
}

function remember(): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, String(Date.now()))
  } catch {
    // Without storage `lastReload` says "just now", so this is never reached.
  }
}
