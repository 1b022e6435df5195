/** The way back from one item to its list, with the filters the list had. */

export function useListAddress(path: string): string {
  const state = window.history.state as { back?: unknown } | null
  const back = state?.back
  return typeof back === 'string' && back.startsWith(`${path}?`) ? back : path
}
