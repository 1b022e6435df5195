import { describe, expect, it } from 'vitest'
import { effectScope, nextTick } from 'vue'
import type { Pair } from '@/api/types'
import { usePairEditor, type PairEditor } from '@/composables/usePairEditor'
import { somePair } from '../pairs'
import { refusal, serve } from '../server'

const open = (id?: string): PairEditor => effectScope().run(() => usePairEditor(id)) as PairEditor

function edited(pair: Pair = somePair()): PairEditor {
  const editor = open(pair.id)
  editor.load(pair)
  editor.form.texts.zh.answer = '可以。'
  return editor
}

describe('saving', () => {
  it('sends the version that was read and is clean afterwards', async () => {
    const asked = serve({ 'PUT /pairs/ec-017': ({ body }) => ({ body: { ...somePair(), ...(body as object), version: 4 } }) })
    const editor = edited()
    expect(editor.dirty.value).toBe(true)

    const stored = await editor.save()

    expect(asked[0]?.body).toMatchObject({ version: 3, answer: '可以。', similar: ['能退货吗'] })
    expect(stored?.version).toBe(4)
    expect(editor.dirty.value).toBe(false)
  })

  it('creates a new pair without an id of its own', async () => {
    const asked = serve({ 'POST /pairs': ({ body }) => ({ status: 201, body: { ...somePair({ id: 'p1' }), ...(body as object) } }) })
    const editor = open()
    Object.assign(editor.form.texts.zh, { question: '能开发票吗', answer: '可以。', similar: '发票\n怎么开发票' })

    await editor.save()

    expect(asked[0]?.body).not.toHaveProperty('id')
    expect(asked[0]?.body).toMatchObject({ similar: ['发票', '怎么开发票'], translations: {} })
  })

  it('asks for what is missing before it asks the server', async () => {
    const asked = serve({})
    const editor = edited()
    editor.form.texts.zh.question = ' '

    expect(await editor.save()).toBeNull()
    expect(editor.fieldErrors.value).toEqual({ 'zh.question': '请写下标准问题。' })
    expect(asked).toHaveLength(0)
  })

  it('keeps what was typed while the server was storing', async () => {
    const editor = edited()
    serve({
      'PUT /pairs/ec-017': ({ body }) => {
        editor.form.texts.zh.answer = '可以，7 天内。'
        return { body: { ...somePair(), ...(body as object), version: 4 } }
      },
    })

    await editor.save()

    expect(editor.form.texts.zh.answer).toBe('可以，7 天内。')
    expect(editor.dirty.value).toBe(true)
  })

  it('puts the server’s refusals next to their fields', async () => {
    const fields = { 'similar.0': '这一行太长。' }
    serve({ 'PUT /pairs/ec-017': () => ({ status: 422, body: { error: { code: 'invalid', message: '', fields } } }) })
    const editor = edited()

    expect(await editor.save()).toBeNull()
    expect(editor.fieldErrors.value).toEqual({ 'zh.similar': '这一行太长。' })
  })

  it('throws what belongs to no field', async () => {
    serve({ 'PUT /pairs/ec-017': () => refusal(503, 'unavailable') })
    await expect(edited().save()).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('when somebody saved first', () => {
  const theirs = somePair({ version: 5, answer: '只限未拆封。', updated_by: '王芳' })

  function inConflict(): { editor: PairEditor; stored: unknown[] } {
    const stored: unknown[] = []
    serve({
      'PUT /pairs/ec-017': ({ body }) => {
        const { version } = body as Pair
        if (version !== theirs.version) return refusal(409, 'conflict', '', { current: theirs })
        stored.push(body)
        return { body: { ...theirs, ...(body as object), version: 6 } }
      },
    })
    return { editor: edited(), stored }
  }

  it('stores nothing and shows their version', async () => {
    const { editor, stored } = inConflict()
    expect(await editor.save()).toBeNull()
    expect(editor.conflict.value).toEqual(theirs)
    expect(editor.form.texts.zh.answer).toBe('可以。')
    expect(stored).toEqual([])
  })

  it('overwrites theirs when told to keep mine', async () => {
    const { editor, stored } = inConflict()
    await editor.save()
    await editor.keepMine()
    expect(stored).toMatchObject([{ version: 5, answer: '可以。' }])
    expect(editor.conflict.value).toBeNull()
    expect(editor.saved.value?.version).toBe(6)
  })

  it('drops mine when told to take theirs', async () => {
    const { editor, stored } = inConflict()
    await editor.save()
    editor.takeTheirs()
    expect(editor.form.texts.zh.answer).toBe('只限未拆封。')
    expect(editor.dirty.value).toBe(false)
    expect(stored).toEqual([])
  })
})

describe('unsaved work', () => {
  it('comes back after a log-in or a reload', async () => {
    edited()
    await nextTick()

    const editor = open('ec-017')
    editor.load(somePair())

    expect(editor.restored.value).toBe(true)
    expect(editor.form.texts.zh.answer).toBe('可以。')
  })

  it('meets a newer version as a conflict, not in silence', async () => {
    edited()
    await nextTick()
    const newer = somePair({ version: 4 })
    const asked = serve({ 'PUT /pairs/ec-017': () => refusal(409, 'conflict', '', { current: newer }) })

    const editor = open('ec-017')
    editor.load(newer)
    await editor.save()

    expect(asked[0]?.body).toMatchObject({ version: 3 })
    expect(editor.conflict.value).toEqual(newer)
  })

  it('is gone once discarded', async () => {
    const editor = edited()
    await nextTick()
    editor.discard()
    await nextTick()

    const again = open('ec-017')
    again.load(somePair())
    expect(again.restored.value).toBe(false)
    expect(again.form.texts.zh.answer).toBe('签收后 7 天内可以申请。')
  })
})

it('work kept by a version without further answers is restored all the same', () => {
  const { answers: _, related: __, window: ___, ...before } = open('ec-017').form
  const texts = { ...before.texts, zh: { question: '能退吗', similar: '', answer: '可以。' } }
  sessionStorage.setItem('csb-console:unsaved:ec-017', JSON.stringify({ version: 3, form: { ...before, texts } }))
  const editor = open('ec-017')
  editor.load(somePair({ related: ['ec-001'] }))
  expect(editor.restored.value).toBe(true)
  expect(editor.form.texts.zh.answer).toBe('可以。')
  expect(editor.form.related).toEqual(['ec-001'])
})
