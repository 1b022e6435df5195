import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it } from 'vitest'
import LoginPage from '@/pages/LoginPage.vue'
import { nextAddress } from '@/router'
import { leave, session } from '@/session'
import { mountInConsole, testRouter } from '../mounting'
import { refusal, serve, type Answer } from '../server'

beforeEach(leave)

async function logInAt(address: string, answer: Answer) {
  serve({ 'POST /session': () => answer })
  const router = testRouter()
  await router.push(address)
  const wrapper = mountInConsole(LoginPage, {}, router)
  await flushPromises()
  await wrapper.find('#login-name').setValue('李娜')
  await wrapper.find('#login-password').setValue('correct horse')
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  return { wrapper, router }
}

it('goes back to where one was', async () => {
  const operator = { id: 'u1', name: '李娜', role: 'admin' }
  const { router } = await logInAt('/login?next=/knowledge?page%3D2', { body: { operator } })
  expect(router.currentRoute.value.fullPath).toBe('/knowledge?page=2')
  expect(session.operator).toEqual(operator)
})

it('says that name or password is wrong and empties the password', async () => {
  const { wrapper } = await logInAt('/login', refusal(401, 'unauthenticated'))
  expect(wrapper.find('[role=alert]').text()).toContain('用户名或密码不对')
  expect(wrapper.find<HTMLInputElement>('#login-password').element.value).toBe('')
})

it('says how long to wait after too many attempts', async () => {
  const { wrapper } = await logInAt('/login', refusal(429, 'rate_limited', '', { retry_after_seconds: 90 }))
  expect(wrapper.find('[role=alert]').text()).toContain('90 秒后')
})

it.each([
  ['/conversations?stage=kbqa', '/conversations?stage=kbqa'],
  ['//evil.example', '/'],
  ['https://evil.example', '/'],
  [undefined, '/'],
])('after logging in %s leads to %s', (next, address) => {
  expect(nextAddress(next)).toBe(address)
})
