import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import KnowledgePage from '@/pages/KnowledgePage.vue'
import { mountInConsole, testRouter } from '../mounting'
import { somePair } from '../pairs'
import { refusal, serve, type Answer } from '../server'

const page = (changes: object = {}): Answer => ({
  body: { items: [somePair()], total: 60, page: 1, size: 25, categories: [{ name: '退换', count: 3 }], pending: 2, ...changes },
})

async function openAt(address: string, answer: () => Answer) {
  const asked = serve({ 'GET /pairs': answer })
  const router = testRouter()
  await router.push(address)
  const wrapper = mountInConsole(KnowledgePage, {}, router)
  await flushPromises()
  return { wrapper, router, asked }
}

it('asks for what the address says', async () => {
  const { asked } = await openAt('/knowledge?search=退货&status=draft&page=2', () => page())
  expect(asked[0]?.query).toEqual({ search: '退货', status: 'draft', page: '2', size: '25' })
})

it('says how much waits to be published', async () => {
  const { wrapper } = await openAt('/knowledge', () => page())
  expect(wrapper.find('.pending').text()).toContain('2 处修改待发布')
})

it('puts the next page into the address', async () => {
  const { wrapper, router } = await openAt('/knowledge?search=退货', () => page())
  await wrapper.find('.btn-next').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ search: '退货', page: '2' })
})

it('teaches the first step when the knowledge base is empty', async () => {
  const { wrapper } = await openAt('/knowledge', () => page({ items: [], total: 0, pending: 0 }))
  expect(wrapper.text()).toContain('知识库还是空的')
  expect(wrapper.find('.pending').exists()).toBe(false)
})

it('offers to clear the filters when nothing matches', async () => {
  const { wrapper, router } = await openAt('/knowledge?search=zzz', () => page({ items: [], total: 0 }))
  await wrapper.find('.is-centred button').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({})
})

it('says what went wrong and tries again', async () => {
  let broken = true
  const { wrapper } = await openAt('/knowledge', () => (broken ? refusal(503, 'unavailable', '服务器正忙。') : page()))
  expect(wrapper.find('[role=alert]').text()).toContain('服务器正忙。')

  broken = false
  await wrapper.find('[role=alert] button').trigger('click')
  await flushPromises()
  expect(wrapper.text()).toContain('支持七天无理由退货吗？')
})
