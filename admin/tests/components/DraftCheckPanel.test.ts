import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { DraftCheck } from '@/api/contract'
import DraftCheckPanel from '@/components/DraftCheckPanel.vue'
import { someCheck, someContract, someReplay } from '../contracts'
import { mountInConsole, testRouter } from '../mounting'
import { serve } from '../server'

async function open(check: Partial<DraftCheck>, props = {}) {
  const asked = serve({
    'GET /releases/draft/check': () => ({ body: someCheck(check) }),
    'POST /releases/draft/check': () => ({
      status: 202,
      body: someCheck({ state: 'running', step: 'ask', done: 30, total: 405, result: null }),
    }),
  })
  const router = testRouter()
  await router.push('/releases')
  const wrapper = mountInConsole(DraftCheckPanel, props, router)
  await flushPromises()
  return { wrapper, asked, router }
}

it('starts a check and shows how far it has come', async () => {
  const { wrapper, asked } = await open({ state: 'absent', result: null })
  expect(wrapper.text()).toContain('期间线上不变')

  await wrapper.find('button').trigger('click')
  await flushPromises()
  expect(asked.map((one) => one.method)).toEqual(['GET', 'POST'])
  expect(wrapper.find('.is-now').text()).toContain('30 个，共 405 个')
  expect(wrapper.findAll('.steps .is-done')).toHaveLength(1)
  expect(wrapper.find('[role=progressbar]').attributes('aria-valuenow')).toBe('7')
})

it('sums up what changes and lists it, what gets worse first', async () => {
  const { wrapper } = await open({})
  expect(wrapper.find('.summary').text()).toBe('3 个回答会变：1 个变好，1 个变差，1 个没有标注可判断')
  const rows = wrapper.findAll('.row')
  expect(rows.map((row) => row.find('strong').text())).toEqual(['变差的', '改过的', '变好的'])
  expect(rows[1]?.find('.marks').text()).toContain('答案改过')
  expect(rows[2]?.findAll('.outcome').map((one) => one.text())).toEqual(['列表订单会怎样？0.40', '直接回答退款多久到账？0.93'])
  expect(rows[2]?.findAll('.outcome svg')).toHaveLength(1)
})

it('shows only the changes of one kind', async () => {
  const { wrapper, router } = await open({})
  await wrapper.findAll('.filters button')[1]?.trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ verdict: 'worse' })
  expect(wrapper.findAll('.row strong').map((one) => one.text())).toEqual(['变差的'])
})

it('compares the promise before and after', async () => {
  const { wrapper } = await open({})
  const lines = wrapper.findAll('.contract-change dd').map((line) => line.text().replace(/\s+/g, ' '))
  expect(lines).toEqual(['41% → 45%+4 个百分点', '80% → 78%-2 个百分点', '98% → 98%±0 个百分点'])
})

it('warns when the drafts would lose the promise', async () => {
  const { wrapper } = await open({ result: someReplay({ after: someContract({ cut: null, coverage: 0 }) }) })
  expect(wrapper.find('.turn').text()).toContain('不能再保证最多错 2%')
})

it('says that a check is old, and still shows what it found', async () => {
  const { wrapper } = await open({ state: 'stale' })
  expect(wrapper.find('[role=alert]').text()).toContain('结果已旧')
  expect(wrapper.findAll('.row')).toHaveLength(3)
  expect(wrapper.find('button').text()).toBe('重新检查')
})

it('says that a check failed, with the sentence the server has', async () => {
  const { wrapper } = await open({ state: 'failed', result: null, error: '索引没有建成。' })
  expect(wrapper.find('[role=alert]').text()).toContain('索引没有建成。')
})

it('leaves the list to the page of releases where it is compact', async () => {
  const { wrapper } = await open({}, { compact: true })
  expect(wrapper.find('.row').exists()).toBe(false)
  await wrapper.find('a[href="/releases"]').trigger('click')
  expect(wrapper.emitted('leave')).toHaveLength(1)
})
