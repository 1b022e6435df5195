import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import LabelImport from '@/components/LabelImport.vue'
import { mountInConsole } from '../mounting'
import { refusal, serve, type Answer, type Asked } from '../server'

const line = (query: string, faq_id: string | null): string => JSON.stringify({ query, faq_id })
const count = (asked: Asked): number => (asked.body as { questions: unknown[] }).questions.length
const all = (asked: Asked): Answer => ({ body: { added: count(asked), changed: 0, unchanged: 0 } })

async function paste(text: string, answer: (asked: Asked) => Answer = all) {
  const asked = serve({ 'POST /labels': answer })
  mountInConsole(LabelImport)
  await flushPromises()
  const area = document.querySelector('textarea')
  if (!area) throw new Error('nowhere to paste')
  area.value = text
  area.dispatchEvent(new Event('input'))
  await flushPromises()
  return asked
}

const said = (): string => document.querySelector('[role=dialog]')?.textContent ?? ''

async function send(): Promise<void> {
  document.querySelector<HTMLElement>('.el-dialog .el-button--primary')?.click()
  await flushPromises()
}

it('says how many questions it read, and which lines it could not', async () => {
  await paste(`${line('钱呢', 'ec-020')}\nnonsense\n${line('招人吗', null)}`)
  expect(said()).toContain('读到 2 个问题。')
  expect(said()).toContain('第 2 行 这一行不是 JSON 对象。')
})

it('labels what was pasted', async () => {
  const asked = await paste(`${line('钱呢', 'ec-020')}\n${line('招人吗', null)}`)
  await send()
  expect(asked[0]?.body).toEqual({
    questions: [
      { question: '钱呢', pair_id: 'ec-020' },
      { question: '招人吗', pair_id: null },
    ],
  })
  expect(said()).toContain('新标注 2 个')
})

it('sends many in batches', async () => {
  const asked = await paste(Array.from({ length: 2_300 }, (_, number) => line(`问题 ${number}`, null)).join('\n'))
  await send()
  expect(asked.map(count)).toEqual([1_000, 1_000, 300])
  expect(said()).toContain('新标注 2,300 个')
})

it('labels the others where the server refuses some, and names their lines', async () => {
  const unknown = refusal(422, 'invalid', '', {
    error: { code: 'invalid', message: '', fields: { 'questions.1.pair_id': '没有问答 nowhere。' } },
  })
  const asked = await paste(`${line('钱呢', 'ec-020')}\n\n${line('谁', 'nowhere')}\n${line('招人吗', null)}`, (one) =>
    count(one) === 3 ? unknown : all(one),
  )
  await send()
  expect(asked.map(count)).toEqual([3, 2])
  expect(said()).toContain('新标注 2 个')
  expect(said()).toContain('第 3 行 没有问答 nowhere。')
})

it('says what went wrong and keeps what was pasted', async () => {
  await paste(line('钱呢', null), () => refusal(503, 'unavailable', '服务器正忙。'))
  await send()
  expect(said()).toContain('服务器正忙。')
  expect(document.querySelector('textarea')?.value).toContain('钱呢')
})
