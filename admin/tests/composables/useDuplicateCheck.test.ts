import { beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, type Ref } from 'vue'
import { useDuplicateCheck, type DuplicateCheck } from '@/composables/useDuplicateCheck'
import { refusal, serve, type Asked } from '../server'

const MATCH = { text: '能退吗', pair_id: 'ec-017', question: '支持七天无理由退货吗？' }

let questions: Ref<string[]>
let asked: Asked[]

beforeEach(() => {
  vi.useFakeTimers()
  questions = ref<string[]>([])
  asked = serve({ 'POST /pairs/check': () => ({ body: { equal: [MATCH] } }) })
})

function start(): DuplicateCheck {
  return effectScope().run(() =>
    useDuplicateCheck(
      () => questions.value,
      () => 'ec-001',
    ),
  ) as DuplicateCheck
}

async function typed(...words: string[]): Promise<void> {
  questions.value = words
  await nextTick()
}

it('asks 400 ms after the last key, once', async () => {
  const check = start()
  await typed('能')
  await vi.advanceTimersByTimeAsync(300)
  await typed('能退吗')
  await vi.advanceTimersByTimeAsync(399)
  expect(asked).toHaveLength(0)
  expect(check.checking.value).toBe(true)

  await vi.advanceTimersByTimeAsync(1)

  expect(asked.map(({ body }) => body)).toEqual([{ id: 'ec-001', questions: ['能退吗'] }])
  expect(check.matches.value).toEqual([MATCH])
  expect(check.checking.value).toBe(false)
})

it('does not ask again for the same words', async () => {
  start()
  await typed('能退吗')
  await vi.advanceTimersByTimeAsync(400)
  await typed('能退吗')
  await vi.advanceTimersByTimeAsync(400)
  expect(asked).toHaveLength(1)
})

it('forgets what it found when the words are gone', async () => {
  const check = start()
  await typed('能退吗')
  await vi.advanceTimersByTimeAsync(400)
  await typed()
  expect(check.matches.value).toEqual([])
})

it('says when there was no answer, and tries again with the next words', async () => {
  let broken = true
  serve({ 'POST /pairs/check': () => (broken ? refusal(503, 'unavailable') : { body: { equal: [] } }) })
  const check = start()
  await typed('能退吗')
  await vi.advanceTimersByTimeAsync(400)
  expect(check.failed.value).toBe(true)

  broken = false
  await typed('能退')
  await vi.advanceTimersByTimeAsync(400)
  expect(check.failed.value).toBe(false)
})

it('a late answer to old words changes nothing', async () => {
  const answers: ((response: Response) => void)[] = []
  vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
    return new Promise<Response>((resolve, reject) => {
      answers.push(resolve)
      signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
    })
  })
  const check = start()
  await typed('能退吗')
  await vi.advanceTimersByTimeAsync(400)
  await typed('能换吗')
  await vi.advanceTimersByTimeAsync(400)
  answers[1]?.(new Response('{"equal":[]}'))
  answers[0]?.(new Response(JSON.stringify({ equal: [MATCH] })))
  await vi.advanceTimersByTimeAsync(0)
  expect(check.matches.value).toEqual([])
})
