/** Every test starts in Chinese, with nothing stored. */
import { beforeEach } from 'vitest'
import { switchLocale } from '@/i18n'

beforeEach(() => {
  sessionStorage.clear()
  switchLocale('zh')
  localStorage.clear()
})
