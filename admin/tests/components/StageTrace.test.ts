import { expect, it } from 'vitest'
import StageTrace from '@/components/StageTrace.vue'
import type { Step } from '@/api/types'
import { mountInConsole } from '../mounting'

const candidate = (id: string, score: number | null) => ({ id, question: `问题 ${id}`, score, via: 'dense', features: { bm25: 7.43129 } })

const STEPS: Step[] = [
  { stage: 'cache', outcome: 'miss', ms: 0.05 },
  { stage: 'task', outcome: 'below_threshold', ms: 0.6, candidates: [candidate('order_status', 0.4)] },
  { stage: 'kbqa', outcome: 'answered', ms: 3.81, detail: 'margin: 0.31', candidates: [candidate('ec-017', 0.9421), candidate('ec-016', null)] },
  { stage: 'horoscope', outcome: 'moon_is_low', ms: 1 },
]

const trace = (teachable = false) => mountInConsole(StageTrace, { steps: STEPS, teachable })

it('names every stage with its word, its outcome and its time, in order', () => {
  const lines = trace().findAll('.step').map((step) => step.text().replace(/\s+/g, ' '))
  expect(lines[0]).toBe('缓存未命中0.1 ms')
  expect(lines[2]).toBe('问答已回答2 个候选3.8 ms')
})

it('colours a stage by its family', () => {
  expect(trace().findAll('.stage-chip').map((chip) => chip.classes().find((name) => name.startsWith('is-')))).toEqual(['is-rule', 'is-task', 'is-faq', 'is-unknown'])
})

it('shows stages and outcomes it does not know as they came', () => {
  expect(trace().findAll('.step')[3]?.text()).toContain('horoscopemoon is low')
})

it('shows candidates with scores after a press, and hides them after another', async () => {
  const wrapper = trace()
  const kbqa = wrapper.findAll('button.step')[1]
  expect(kbqa?.attributes('aria-expanded')).toBe('false')

  await kbqa?.trigger('click')
  expect(wrapper.findAll('.score').map((score) => score.text())).toEqual(['0.942', '—'])
  expect(wrapper.text()).toContain('margin: 0.31')
  expect(wrapper.text()).toContain('bm25 7.431')

  await kbqa?.trigger('click')
  expect(wrapper.findAll('.score')).toHaveLength(0)
})

it('links pairs to their page, but not tasks', async () => {
  const wrapper = trace(true)
  for (const step of wrapper.findAll('button.step')) await step.trigger('click')
  expect(wrapper.findAll('.candidate a').map((link) => link.attributes('href'))).toEqual(['/pairs/ec-017', '/pairs/ec-016'])
})

it('offers to teach a pair only where the words may be used', async () => {
  const plain = trace(false)
  await plain.findAll('button.step')[1]?.trigger('click')
  expect(plain.findAll('.candidate button')).toHaveLength(0)

  const teachable = trace(true)
  await teachable.findAll('button.step')[1]?.trigger('click')
  await teachable.find('.candidate button').trigger('click')
  expect(teachable.emitted('teach')).toEqual([['ec-017']])
})

it('lets stages without more to say stay plain text', () => {
  expect(trace().findAll('.step')[0]?.element.tagName).toBe('DIV')
})
