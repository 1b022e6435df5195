/** A list's filters live in the address, so that reload, back and a sent link keep them. */
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'

export type Filters = Record<string, string | number>

export interface UrlFilters<T extends Filters> {
  filters: ComputedRef<T>
  /** True when any filter but the page differs from its default. */
  filtered: ComputedRef<boolean>
  /** Change some filters; all but a change of page itself start again at page one. */
  change: (patch: Partial<T>, history?: 'push' | 'replace') => void
  clear: () => void
}

export function useUrlFilters<T extends Filters>(defaults: T): UrlFilters<T> {
  const route = useRoute()
  const router = useRouter()
  const filters = computed(() => parse(route.query, defaults))
  const filtered = computed(() =>
    Object.keys(defaults).some((name) => name !== 'page' && filters.value[name] !== defaults[name]),
  )

  function show(next: T, history: 'push' | 'replace'): void {
    void router[history]({ query: { ...foreign(route.query, defaults), ...serialised(next, defaults) } })
  }
  return {
    filters,
    filtered,
    change: (patch, history = 'push') => {
      const start = 'page' in defaults ? { page: defaults.page } : {}
      show({ ...filters.value, ...start, ...patch }, history)
    },
    clear: () => show(defaults, 'push'),
  }
}

/** Unreadable numbers fall back to the default: the address may have been typed by hand. */
function parse<T extends Filters>(query: LocationQuery, defaults: T): T {
  const entries = Object.entries(defaults).map(([name, standard]) => {
    const text = query[name]
    if (typeof text !== 'string') return [name, standard]
    if (typeof standard === 'string') return [name, text]
    const number = Number(text)
    return [name, Number.isInteger(number) && number > 0 ? number : standard]
  })
  return Object.fromEntries(entries) as T
}

function serialised<T extends Filters>(filters: T, defaults: T): Record<string, string> {
  const changed = Object.entries(filters).filter(([name, value]) => value !== defaults[name])
  return Object.fromEntries(changed.map(([name, value]) => [name, String(value)]))
}

function foreign(query: LocationQuery, defaults: Filters): LocationQuery {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !(name in defaults)))
}
