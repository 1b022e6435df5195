/** Light, dark, or as the system has it; Element Plus reads the class on the root element. */
import { ref, watchEffect } from 'vue'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const STORAGE_KEY = 'csb-console:theme'

export const theme = ref<Theme>('auto')

/** Apply the remembered theme and follow the system from now on. */
export function startTheme(): void {
  theme.value = remembered()
  const system = matchMedia('(prefers-color-scheme: dark)')
  const systemIsDark = ref(system.matches)
  system.addEventListener('change', (event) => (systemIsDark.value = event.matches))
  watchEffect(() => {
    const dark = theme.value === 'dark' || (theme.value === 'auto' && systemIsDark.value)
    document.documentElement.classList.toggle('dark', dark)
  })
}

export function switchTheme(next: Theme): void {
  theme.value = next
  try {
    localStorage.setItem(STORAGE_KEY, next)
  } catch {
    // Storage may be closed; the choice then lasts as long as the page.
  }
}

function remembered(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY)
    return THEMES.find((name) => name === stored) ?? 'auto'
  } catch {
    return 'auto'
  }
}
