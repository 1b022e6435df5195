import { flushPromises } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { expect, it, vi } from 'vitest'
import type { Model } from '@/api/types'
import ModelsPage from '@/pages/ModelsPage.vue'
import { mountInConsole } from '../mounting'
import { serve } from '../server'

const someModel = (changes: Partial<Model> = {}): Model => ({
  id: 'm1',
  active: false,
  trained_at: 1_700_000_000_000,
  trained_by: 'cs-bot train',
  digest: '9c1e07aa',
  size: 89_000,
  examples: 68,
  intents: 7,
  scores: { examples: 68, intent_accuracy: 0.7647, annotated: 0, entity_f1: null, stories: 7, stories_passed: 6 },
  ...changes,
})

async function open(held: boolean, ...items: Model[]) {
  const asked = serve({
    'GET /models': () => ({ body: { active: items.find((model) => model.active)?.id ?? null, held, items } }),
    'POST /models/m1/rollback': () => ({ body: someModel({ active: true }) }),
  })
  const wrapper = mountInConsole(ModelsPage, {})
  await flushPromises()
  return { wrapper, asked }
}

it('shows what each version came to', async () => {
  const { wrapper } = await open(
    false,
    someModel({ id: 'm2', active: true, scores: null }),
    someModel(),
    someModel({ id: 'm0', scores: { examples: 0, intent_accuracy: null, annotated: 3, entity_f1: 0.91, stories: 0, stories_passed: 0 } }),
  )
  const [second, first, few] = wrapper.findAll('tbody tr').map((row) => row.text())
  expect(second).toContain('使用中')
  expect(second).toContain('未评估')
  expect(second).not.toContain('回退')
  expect(first).toContain('76.5 %（68 条例句）')
  expect(first).toContain('7 个通过 6 个')
  expect(few).toContain('例句太少')
  expect(few).toContain('F1 0.910（3 条例句）')
})

it('rolls back once that is confirmed, and reads the list again', async () => {
  vi.spyOn(ElMessageBox, 'confirm').mockResolvedValue('confirm' as never)
  const { wrapper, asked } = await open(false, someModel({ id: 'm2', active: true }), someModel())
  await wrapper.find('tbody button').trigger('click')
  await flushPromises()
  expect(asked.map((one) => `${one.method} ${one.path}`)).toEqual(['GET /models', 'POST /models/m1/rollback', 'GET /models'])
})

it('changes nothing where the question is answered with no', async () => {
  vi.spyOn(ElMessageBox, 'confirm').mockRejectedValue('cancel')
  const { wrapper, asked } = await open(false, someModel({ id: 'm2', active: true }), someModel())
  await wrapper.find('tbody button').trigger('click')
  await flushPromises()
  expect(asked.map((one) => one.method)).toEqual(['GET'])
})

it('marks a version that is held by a roll-back', async () => {
  const { wrapper } = await open(true, someModel({ active: true }), someModel({ id: 'm0' }))
  const [active, other] = wrapper.findAll('tbody tr').map((row) => row.text())
  expect(active).toContain('已固定')
  expect(other).not.toContain('已固定')
})

it('says what to do where nothing was trained', async () => {
  const { wrapper } = await open(false)
  expect(wrapper.text()).toContain('还没有训练过模型')
})
