import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { Label } from '@/api/labels'
import LabelsPage from '@/pages/LabelsPage.vue'
import { mountInConsole, testRouter } from '../mounting'
import { somePair } from '../pairs'
import { serve, type Answer } from '../server'

const someLabel = (changes: Partial<Label> = {}): Label => ({
  id: 'l7',
  question: '钱呢',
  pair_id: 'ec-017',
  pair_question: '支持七天无理由退货吗？',
  labelled_at: 1_700_000_000_000,
  labelled_by: '李娜',
  ...changes,
})

const page = (...items: Label[]): Answer => ({
  body: { items, total: items.length, page: 1, size: 25, answerable: items.length, unanswerable: 0 },
})

async function openAt(address: string, ...items: Label[]) {
  const asked = serve({
    'GET /labels': () => page(...items),
    'POST /labels': () => ({ body: { added: 1, changed: 0, unchanged: 0 } }),
    'DELETE /labels/l7': () => ({ status: 204 }),
    'GET /pairs': () => ({ body: { items: [somePair()], total: 1, page: 1, size: 20, categories: [], pending: 0 } }),
  })
  const router = testRouter()
  await router.push(address)
  const wrapper = mountInConsole(LabelsPage, {}, router)
  await flushPromises()
  return { wrapper, asked }
}

it('asks for what the address says', async () => {
  const { asked } = await openAt('/labels?search=钱&answerable=no&pair_id=ec-017&page=2')
  expect(asked[0]?.query).toEqual({ search: '钱', answerable: 'false', pair_id: 'ec-017', page: '2', size: '25' })
})

it('shows the pair, that there is no answer, or that the pair is gone', async () => {
  const { wrapper } = await openAt(
    '/labels',
    someLabel(),
    someLabel({ id: 'l8', pair_id: null, pair_question: null }),
    someLabel({ id: 'l9', pair_id: 'old-1', pair_question: null }),
  )
  expect(wrapper.findAll('td.pair').map((cell) => cell.text())).toEqual([
    '支持七天无理由退货吗？',
    '没有答案',
    '问答 old-1 已不在',
  ])
})

it('labels a question with a pair found by search', async () => {
  const { wrapper, asked } = await openAt('/labels')
  const form = wrapper.find('.label-form')
  expect(form.find('button[type=submit]').attributes('disabled')).toBeDefined()

  await form.find('input').setValue(' 能退吗 ')
  await form.find('[role=combobox]').trigger('focus')
  await flushPromises()
  wrapper.findAllComponents({ name: 'ElSelect' })[0]?.vm.$emit('update:modelValue', 'ec-017')
  await flushPromises()
  await form.trigger('submit')
  await flushPromises()
  const sent = asked.find((one) => one.method === 'POST')
  expect(sent?.body).toEqual({ questions: [{ question: '能退吗', pair_id: 'ec-017' }] })
})

it('deletes a label only when that is confirmed', async () => {
  const { wrapper, asked } = await openAt('/labels', someLabel())
  const remove = wrapper.find('td.act button')
  expect(remove.attributes('aria-label')).toBe('删除标注：钱呢')

  await remove.trigger('click')
  await flushPromises()
  expect(document.querySelector('.el-message-box')?.textContent).toContain('“钱呢”不再用来检验')
  expect(asked.some((one) => one.method === 'DELETE')).toBe(false)

  document.querySelector<HTMLElement>('.el-message-box .el-button--primary')?.click()
  await flushPromises()
  expect(asked.some((one) => one.method === 'DELETE' && one.path === '/labels/l7')).toBe(true)
})

it('teaches how to begin', async () => {
  const { wrapper } = await openAt('/labels')
  expect(wrapper.find('.headline').text()).toBe('还没有标注过的问题')
  expect(wrapper.find('a[download]').exists()).toBe(false)
})
