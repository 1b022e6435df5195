/** Starts the console: theme, language, router, cache, and what an ended session does. */
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp, watchEffect } from 'vue'
import App from './App.vue'
import { listenForUnauthenticated, speak } from './api/http'
import { locale, t } from './i18n'
import { createConsoleQueryClient } from './queries'
import { createConsoleRouter, leadToLogin } from './router'
import './styles/element'
import './styles/tokens.css'
import './styles/console.css'
import { startTheme } from './theme'
import { reloadWhenReplaced } from './update'

const router = createConsoleRouter()
const queryClient = createConsoleQueryClient()

startTheme()
reloadWhenReplaced()
watchEffect(() => {
  speak(locale.value)
  const { section } = router.currentRoute.value.meta
  document.title = section ? `${t(`nav.${section}`)} · ${t('app.title')}` : t('app.title')
})
listenForUnauthenticated(() => {
  queryClient.clear()
  leadToLogin(router)
})

createApp(App).use(router).use(VueQueryPlugin, { queryClient }).mount('#app')
