import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { expect, it } from 'vitest'
import LabelTurn from '@/components/LabelTurn.vue'
import TurnCard from '@/components/TurnCard.vue'
import type { Turn } from '@/api/types'
import { mountInConsole } from '../mounting'
import { serve, type Asked } from '../server'

const candidate = (id: string, question: string) => ({ id, question, score: 0.5, via: 'dense' })
const STEPS = [
  { stage: 'task', outcome: 'below_threshold', ms: 1, candidates: [candidate('order_status', '')] },
  { stage: 'kbqa', outcome: 'below_threshold', ms: 3, candidates: [candidate('ec-020', '退款多久到账？'), candidate('ec-021', '怎么退货？')] },
  { stage: 'suggest', outcome: 'answered', ms: 1, candidates: [candidate('ec-020', '退款多久到账？')] },
]
const known = (pair_id: string | null) => ({ id: 'l1', question: '钱呢', pair_id, pair_question: '旧的', labelled_at: 0, labelled_by: '王芳' })

async function open(...labels: object[]): Promise<{ wrapper: VueWrapper; asked: Asked[] }> {
  const asked = serve({
    'GET /labels': () => ({ body: { items: labels, total: 1, page: 1, size: 200, answerable: 1, unanswerable: 0 } }),
    'POST /labels': () => ({ body: { added: 1, changed: 0, unchanged: 0 } }),
  })
  const wrapper = mountInConsole(LabelTurn, { question: '钱呢', steps: STEPS })
  await wrapper.find('button').trigger('click')
  await flushPromises()
  return { wrapper, asked }
}

const sent = (asked: Asked[]): unknown => asked.find((one) => one.method === 'POST')?.body

it('offers the pairs that were weighed, each once, another one, and none', async () => {
  const { wrapper } = await open()
  expect(wrapper.findAll('.choice').map((choice) => choice.text().replace(/\s+/g, ' '))).toEqual([
    '退款多久到账？ ec-020',
    '怎么退货？ ec-021',
    '另一条问答',
    '知识库里没有答案',
  ])
  expect(wrapper.find('button[type=submit]').attributes('disabled')).toBeDefined()
})

it('labels with the candidate that is right', async () => {
  const { wrapper, asked } = await open()
  await wrapper.findAll('input[type=radio]')[1]?.setValue()
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  expect(sent(asked)).toEqual({ questions: [{ question: '钱呢', pair_id: 'ec-021' }] })
  expect(wrapper.find('form').exists()).toBe(false)
})

it('labels a question that has no answer', async () => {
  const { wrapper, asked } = await open()
  await wrapper.findAll('input[type=radio]')[3]?.setValue()
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  expect(sent(asked)).toEqual({ questions: [{ question: '钱呢', pair_id: null }] })
})

it('begins with the label there is', async () => {
  const { wrapper } = await open(known('ec-020'))
  expect(wrapper.findAll<HTMLInputElement>('input[type=radio]').map((one) => one.element.checked)).toEqual([true, false, false, false])
  expect(wrapper.find('.known').text()).toContain('王芳')
})

it('shows the other pair that a label names', async () => {
  const { wrapper } = await open(known('ec-099'))
  expect(wrapper.findAll<HTMLInputElement>('input[type=radio]')[2]?.element.checked).toBe(true)
  expect(wrapper.find('.other').text()).toContain('旧的')
})

it('is not offered where the words were masked', () => {
  const turn: Turn = {
    turn_id: 't1',
    at: 0,
    text: '我的号码是 ***',
    masked: true,
    reply: { text: '好的', source: null, ref: null },
    answered_by: 'chat',
    steps: STEPS,
    release: 'r1',
    model: { id: 'm3', digest: '9c1e07aa' },
    locale: 'zh',
    feedback: null,
  }
  expect(mountInConsole(TurnCard, { turn, startsOpen: true }).find('.label-turn').exists()).toBe(false)
  expect(mountInConsole(TurnCard, { turn: { ...turn, masked: false }, startsOpen: true }).find('.label-turn').exists()).toBe(true)
})
