import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import ConsoleFrame from '@/components/ConsoleFrame.vue'
import { session } from '@/session'
import { mountInConsole, testRouter } from '../mounting'
import { refusal, serve, type Answer } from '../server'

async function frame(messages: () => Answer) {
  const asked = serve({ 'GET /left-messages': messages, 'DELETE /session': () => ({ status: 204 }) })
  const router = testRouter()
  await router.push('/conversations')
  const wrapper = mountInConsole(ConsoleFrame, {}, router)
  await flushPromises()
  return { wrapper, router, asked }
}

it('counts the open messages in the navigation, in words too', async () => {
  const { wrapper } = await frame(() => ({ body: { items: [], open: 4, next: null } }))
  expect(wrapper.find('.count').text()).toContain('4')
  expect(wrapper.find('.count .visually-hidden').text()).toBe('4 条待处理')
})

it('shows no count when nothing is open', async () => {
  const { wrapper } = await frame(() => ({ body: { items: [], open: 0, next: null } }))
  expect(wrapper.find('.count').exists()).toBe(false)
})

it('says that what is shown may be old while the server cannot be reached', async () => {
  const { wrapper } = await frame(() => refusal(503, 'unavailable'))
  expect(wrapper.find('.unreachable').text()).toContain('暂时连不上服务')
})

it('logs out and leads to log-in', async () => {
  const { wrapper, router, asked } = await frame(() => ({ body: { items: [], open: 0, next: null } }))
  await wrapper.find('.operator').trigger('click')
  await flushPromises()
  const entry = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')].find((item) => item.textContent?.includes('退出登录'))
  entry?.click()
  await flushPromises()

  expect(asked.some(({ method, path }) => method === 'DELETE' && path === '/session')).toBe(true)
  expect(session.operator).toBeNull()
  expect(router.currentRoute.value.name).toBe('login')
})

it('g then k goes to the knowledge base', async () => {
  const { router } = await frame(() => ({ body: { items: [], open: 0, next: null } }))
  for (const key of ['g', 'k']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  await flushPromises()
  expect(router.currentRoute.value.name).toBe('knowledge')
})
