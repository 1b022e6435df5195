import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { Pair } from '@/api/types'
import PairPage from '@/pages/PairPage.vue'
import { mountPage } from '../mounting'
import { somePair } from '../pairs'
import { refusal, serve, type Asked } from '../server'

const LIST = { items: [], total: 0, page: 1, size: 1, categories: [{ name: '退换', count: 3 }], pending: 0 }

async function openPage(put: (asked: Asked) => object) {
  const asked = serve({
    'GET /pairs/ec-017': () => ({ body: somePair() }),
    'GET /pairs': () => ({ body: LIST }),
    'POST /pairs/check': () => ({ body: { equal: [] } }),
    'PUT /pairs/ec-017': put,
  })
  const wrapper = await mountPage(PairPage, '/edit/:id', '/edit/ec-017')
  await flushPromises()
  return { wrapper, puts: () => asked.filter(({ method }) => method === 'PUT') }
}

function pressSave(): void {
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true, cancelable: true }))
}

it('Ctrl+S stores what was typed, similar questions line by line', async () => {
  const { wrapper, puts } = await openPage(({ body }) => ({ body: { ...somePair(), ...(body as object), version: 4 } }))

  await wrapper.find('#similar-zh').setValue('能退货吗\n衣服大了能退吗\n\n怎么退')
  pressSave()
  await flushPromises()

  expect(puts()[0]?.body).toMatchObject({ version: 3, similar: ['能退货吗', '衣服大了能退吗', '怎么退'] })
  expect(document.body.textContent).toContain('已保存为草稿')
})

it('Ctrl+S stores nothing when nothing was changed', async () => {
  const { puts } = await openPage(() => ({ body: somePair() }))
  pressSave()
  await flushPromises()
  expect(puts()).toHaveLength(0)
})

it('shows both versions when somebody saved first, and overwrites only when told so', async () => {
  const theirs = somePair({ version: 9, answer: '只限未拆封。', updated_by: '王芳' })
  const { wrapper, puts } = await openPage(({ body }) =>
    (body as { version: number }).version === 9
      ? { body: { ...theirs, ...(body as object), version: 10 } }
      : refusal(409, 'conflict', '', { current: theirs }),
  )
  await wrapper.find('#answer-zh').setValue('可以。')
  pressSave()
  await flushPromises()
  expect(document.querySelector('.versions')?.textContent).toContain('只限未拆封。')
  expect(puts()).toHaveLength(1)

  const keep = [...document.querySelectorAll<HTMLElement>('.el-dialog button')].find((button) => button.textContent?.includes('用我的覆盖'))
  keep?.click()
  await flushPromises()

  expect(puts()[1]?.body).toMatchObject({ version: 9, answer: '可以。' })
})

it('brings the language with the first wrong field to the front', async () => {
  const { wrapper, puts } = await openPage(() => ({}))
  await wrapper.find('#answer-en').setValue('')
  pressSave()
  await flushPromises()

  expect(puts()).toHaveLength(0)
  expect(wrapper.find('#tab-en').attributes('aria-selected')).toBe('true')
  expect(wrapper.find('#answer-en-wrong').text()).toBe('请写下答案。')
})

it('puts the cursor into the wrong field of a further answer, and its blocks into the draft', async () => {
  const row = { blocks: [{ kind: 'buttons', buttons: [{ title: '官网', url: 'https://shop.example' }] }] }
  const fields = { 'answers.0.blocks.0.buttons.0.url': '这个链接打不开。' }
  const answers = [{ ...row }] as Pair['answers']
  let refuse = true
  serve({
    'GET /pairs/ec-017': () => ({ body: somePair({ answers }) }),
    'GET /pairs': () => ({ body: LIST }),
    'GET /answer-choices': () => ({ body: { channels: [], tasks: [] } }),
    'POST /pairs/check': () => ({ body: { equal: [] } }),
    'PUT /pairs/ec-017': ({ body }) =>
      refuse
        ? { status: 422, body: { error: { code: 'invalid', message: '', fields } } }
        : { body: { ...somePair(), ...(body as object), version: 4 } },
  })
  const wrapper = await mountPage(PairPage, '/edit/:id', '/edit/ec-017')
  await flushPromises()
  await wrapper.find('#answer-zh').setValue('可以。')
  pressSave()
  await flushPromises()
  expect(wrapper.find('[id="pair-answers.0.blocks.0.buttons.0.value-wrong"]').text()).toBe('这个链接打不开。')
  expect(document.activeElement?.id).toBe('pair-answers.0.blocks.0.buttons.0.value')

  refuse = false
  pressSave()
  await flushPromises()
  expect(document.body.textContent).toContain('已保存为草稿')
  expect(wrapper.find('[id="pair-answers.0.text"]').exists()).toBe(true)
})
