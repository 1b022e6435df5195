/** Every test starts in Chinese, with nothing stored and nothing left on the page. */
import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach, beforeEach, vi } from 'vitest'
import { switchLocale } from '@/i18n'

enableAutoUnmount(afterEach)

beforeEach(() => {
  sessionStorage.clear()
  switchLocale('zh')
  localStorage.clear()
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  document.body.innerHTML = ''
})
