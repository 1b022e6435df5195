import { beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory } from 'vue-router'
import { createConsoleRouter } from '@/router'
import { refusal, serve } from './server'

const OPERATOR = { id: 'u1', name: '李娜', role: 'admin' }

beforeEach(() => vi.resetModules())

/** A fresh page load: the session has not been asked for yet. */
async function freshRouter() {
  const { createConsoleRouter: create } = await import('@/router')
  return create(createMemoryHistory())
}

it('sends whoever is not logged in to log in, and remembers the way back', async () => {
  serve({ 'GET /session': () => refusal(401, 'unauthenticated', '', { setup_needed: false }) })
  const router = await freshRouter()
  await router.push('/conversations?stage=kbqa')
  expect(router.currentRoute.value).toMatchObject({ name: 'login', query: { next: '/conversations?stage=kbqa' } })
})

it('lets an operator through and asks for the session once', async () => {
  const asked = serve({ 'GET /session': () => ({ body: { operator: OPERATOR, setup_needed: false } }) })
  const router = await freshRouter()
  await router.push('/messages')
  await router.push('/conversations')
  expect(router.currentRoute.value.name).toBe('conversations')
  expect(asked).toHaveLength(1)
})

it('leads to log-in when the session ends, and back with the filters kept', async () => {
  serve({ 'GET /session': () => ({ body: { operator: OPERATOR, setup_needed: false } }) })
  const { createConsoleRouter: create, leadToLogin } = await import('@/router')
  const router = create(createMemoryHistory())
  await router.push('/knowledge?status=draft&page=2')

  leadToLogin(router)
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('login'))

  expect(router.currentRoute.value.query).toEqual({ next: '/knowledge?status=draft&page=2', ended: '1' })
})

it('opens the set-up link without a session', async () => {
  const asked = serve({})
  const router = await freshRouter()
  await router.push('/setup?token=abc')
  expect(router.currentRoute.value).toMatchObject({ name: 'setup', query: { token: 'abc' } })
  expect(asked).toHaveLength(0)
})

it.each([
  ['/knowledge/new', 'new-pair'],
  ['/knowledge/releases', 'releases'],
  ['/knowledge/pairs/new', 'pair'],
  ['/nowhere/at/all', 'missing'],
])('%s is the page %s', (path, name) => {
  expect(createConsoleRouter(createMemoryHistory()).resolve(path).name).toBe(name)
})
