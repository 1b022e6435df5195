import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { h, reactive, ref } from 'vue'
import type { Answer, PairContent } from '@/api/types'
import PairAnswers from '@/components/PairAnswers.vue'
import RelatedPicker from '@/components/RelatedPicker.vue'
import { formErrors, toContent, toForm, type FieldErrors } from '@/pairForm'
import { mountInConsole } from '../mounting'
import { somePair } from '../pairs'
import { serve } from '../server'

const OTHER = somePair({ id: 'ec-001', question: '如何取消订单？' })
const GOLD: Answer = { text: '金卡免邮。', tiers: ['gold'] }

/** The section over a pair's fields, as the page holds it. */
async function open(changes: Partial<PairContent> = {}) {
  serve({
    'GET /answer-choices': () => ({ body: { channels: ['web_demo', 'rest'], tasks: ['order_status'] } }),
    'GET /pairs/ec-001': () => ({ body: OTHER }),
    'GET /pairs': () => ({ body: { items: [OTHER], total: 1, page: 1, size: 10, categories: [], pending: 0 } }),
  })
  const form = reactive(toForm(somePair(changes)))
  const errors = ref<FieldErrors>({})
  const wrapper = mountInConsole({
    render: () => [
      h(PairAnswers, { form, errors: errors.value }),
      h(RelatedPicker, { form, errors: errors.value, id: 'ec-017' }),
    ],
  })
  await flushPromises()
  const check = async (): Promise<void> => {
    errors.value = formErrors(form)
    await flushPromises()
  }
  return { wrapper, content: () => toContent(form), errors, check }
}

async function press(wrapper: VueWrapper, words: string): Promise<void> {
  const named = (one: { text(): string; attributes(name: string): string | undefined }): boolean =>
    one.text() === words || one.attributes('aria-label') === words
  const button = wrapper.findAll('button').find(named)
  if (!button) throw new Error(`no button ${words}`)
  await button.trigger('click')
  await flushPromises()
}

const field = (path: string): string => `[id="pair-answers.${path}"]`

it('a new answer opens with the cursor in it and takes blocks', async () => {
  const { wrapper, content } = await open()
  await press(wrapper, '添加答案')
  expect(document.activeElement?.id).toBe('pair-answers.0.text')
  await wrapper.find(field('0.text')).setValue('今天免邮！')
  await press(wrapper, '图片')
  await wrapper.find(field('0.blocks.0.url')).setValue('https://shop.example/fees.png')
  await wrapper.find(field('0.blocks.0.alt')).setValue('运费表')
  await press(wrapper, '按钮')
  await wrapper.find(field('0.blocks.1.buttons.0.title')).setValue('怎么退货')
  await wrapper.find(field('0.blocks.1.buttons.0.value')).setValue('怎么退货？')
  expect(content().answers).toEqual([
    {
      text: '今天免邮！',
      blocks: [
        { kind: 'image', url: 'https://shop.example/fees.png', alt: '运费表' },
        { kind: 'buttons', buttons: [{ title: '怎么退货', say: '怎么退货？' }] },
      ],
    },
  ])
})

it('an answer is closed to a line that says for whom it is', async () => {
  const { wrapper } = await open({ answers: [{ ...GOLD, channels: ['web_demo'] }, { text: '**大家**' }] })
  const lines = wrapper.findAll('.answer .summary').map((line) => line.text())
  expect(lines[0]).toContain('web_demo · gold')
  expect(lines[1]).toMatch(/不限条件.*大家/)
  expect(wrapper.find(field('0.text')).exists()).toBe(false)
  await wrapper.find('.answer .summary').trigger('click')
  expect(wrapper.find(field('0.text')).exists()).toBe(true)
})

it('what is wrong opens its answer and says so at the field', async () => {
  const { wrapper, errors, check } = await open({ answers: [GOLD, { text: ' ' }] })
  await check()
  expect(wrapper.find('[id="pair-answers.1.text-hint"]').text()).toBe('请写下文字，或添加按钮、图片、卡片。')
  expect(wrapper.find(field('0.text')).exists()).toBe(false)
  errors.value = { 'answers.0.valid_until': '结束时间必须晚于开始时间。' }
  await flushPromises()
  expect(wrapper.find('[id="pair-answers.0.valid_until-hint"]').text()).toBe('结束时间必须晚于开始时间。')
})

it('answers change places and go', async () => {
  const { wrapper, content } = await open({ answers: [GOLD, { text: '银卡', tiers: ['silver'] }] })
  await press(wrapper, '下移答案 1')
  expect(content().answers.map(({ tiers }) => tiers)).toEqual([['silver'], ['gold']])
  await press(wrapper, '删除答案 1')
  expect(content().answers).toEqual([GOLD])
})

it('a time nobody touched keeps its zone; one that is set gets the operator’s', async () => {
  const until = '2026-12-01T00:00:00-03:30'
  const { wrapper, content } = await open({ valid_until: until })
  const shown = wrapper.find<HTMLInputElement>('#pair-valid_until')
  await shown.setValue(shown.element.value)
  await wrapper.find('#pair-valid_from').setValue('2026-11-01T08:30')
  expect(content().valid_until).toBe(until)
  expect(content().valid_from).toMatch(/^2026-11-01T08:30:00[+-]\d\d:\d\d$/)
})

it('the preview shows the pair’s own words and what stands under them', async () => {
  const blocks: Answer['blocks'] = [
    { kind: 'card', title: '大促', text: '包邮', buttons: [{ title: '去看看', say: '大促' }] },
    { kind: 'image', url: 'https://shop.example/fees.png', alt: '运费表' },
  ]
  const { wrapper } = await open({ answers: [{ blocks }] })
  await wrapper.find('.answer .summary').trigger('click')
  await press(wrapper, '预览')
  const shown = wrapper.find('.answer .preview')
  for (const words of ['签收后 7 天内可以申请。', '大促', '包邮', '去看看']) expect(shown.text()).toContain(words)
  expect(shown.find('img').attributes('src')).toBe('https://shop.example/fees.png')
})

it('related questions have names, change places, and one that no pair has says so', async () => {
  const { wrapper, content } = await open({ related: ['ec-404', 'ec-001'] })
  const rows = wrapper.findAll('.related > ol > li').map((row) => row.text())
  expect(rows[0]).toContain('这条问答不存在')
  expect(rows[1]).toContain('如何取消订单？')
  await press(wrapper, '上移 ec-001')
  expect(content().related).toEqual(['ec-001', 'ec-404'])
  await press(wrapper, '移除 ec-404')
  expect(content().related).toEqual(['ec-001'])
})
