import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { ElSelect, ElSwitch } from 'element-plus'
import { describe, expect, it, vi } from 'vitest'
import type { ImportCheck, ImportRecord } from '@/api/imports'
import ImportPage from '@/pages/ImportPage.vue'
import { someCheck, someImport } from '../importing'
import { mountInConsole } from '../mounting'
import { refusal, serve, type Answer, type Asked } from '../server'

interface Server {
  check?: (asked: Asked) => Answer
  apply?: (asked: Asked) => Answer
  undo?: () => Answer
  imports?: ImportRecord[]
}

const done = { id: 'i1', added: 1, changed: 1, unchanged: 3, skipped: 1, clashing: 0 }

async function open(server: Server = {}): Promise<{ page: VueWrapper; asked: Asked[] }> {
  const asked = serve({
    'GET /pairs': () => ({ body: { items: [], total: 0, page: 1, size: 1, categories: [], pending: 2 } }),
    'GET /imports': () => ({ body: { items: server.imports ?? [] } }),
    'POST /imports/check': server.check ?? (() => ({ body: someCheck() })),
    'POST /imports': server.apply ?? (() => ({ status: 201, body: done })),
    'POST /imports/bad-rows': () => ({ body: {} }),
    'POST /imports/i1/undo': server.undo ?? (() => ({ body: someImport({ undone_by: '李娜' }) })),
  })
  const page = mountInConsole(ImportPage)
  await flushPromises()
  return { page, asked }
}

async function choose(page: VueWrapper, name = 'faq.csv', content = '问题,答案\n'): Promise<void> {
  const input = page.get('input[type=file]')
  Object.defineProperty(input.element, 'files', { value: [new File([content], name)], configurable: true })
  await input.trigger('change')
  await settled()
}

/** The content of a file is read in its own time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await flushPromises()
    await new Promise((resolve) => setTimeout(resolve))
  }
}

async function press(page: VueWrapper, text: string): Promise<void> {
  const button = page.findAll('button').find((one) => one.text().includes(text))
  if (!button) throw new Error(`no button says ${text}`)
  await button.trigger('click')
  await settled()
}

async function report(server: Server = {}): Promise<{ page: VueWrapper; asked: Asked[] }> {
  const opened = await open(server)
  await choose(opened.page)
  await press(opened.page, '检查内容')
  return opened
}

const sent = (asked: Asked[], path: string): Asked[] => asked.filter((one) => one.path === path && one.method === 'POST')
const answer = (changes: Partial<ImportCheck>) => (): Answer => ({ body: someCheck(changes) })
const footerButton = (page: VueWrapper) => page.get('.footer .el-button--primary')

describe('the first step', () => {
  it('sends the file and its name, and shows what was found', async () => {
    const { page, asked } = await open()
    await choose(page, '常见问题.csv')

    const [check] = sent(asked, '/imports/check')
    expect(check?.query).toEqual({ file: '常见问题.csv' })
    expect(check?.headers['Content-Type']).toBe('application/octet-stream')
    expect(page.text()).toContain('GB18030')
    expect(page.find('.steps [aria-current=step]').text()).toContain('核对列')
  })

  it.each([
    ['old.xls', 'x', '不能读旧的 .xls'],
    ['photo.png', 'x', '不是可以导入的文件'],
    ['empty.csv', '', '是空文件'],
  ])('does not send %s', async (name, content, said) => {
    const { page, asked } = await open()
    await choose(page, name, content)

    expect(page.get('[role=alert]').text()).toContain(said)
    expect(sent(asked, '/imports/check')).toEqual([])
  })

  it('says in the words of the server why a file cannot be read', async () => {
    const { page } = await open({ check: () => refusal(422, 'invalid', '第 3 行：不是有效的 CSV。') })
    await choose(page)

    expect(page.get('[role=alert]').text()).toContain('第 3 行：不是有效的 CSV。')
    expect(page.find('.drop').exists()).toBe(true)
  })

  it('knows that a proxy in between may refuse the size', async () => {
    const { page } = await open({ check: () => ({ status: 413 }) })
    await choose(page)

    expect(page.get('[role=alert]').text()).toContain('代理不接受这么大的文件')
  })

  it('takes a file that is dropped on it', async () => {
    const { page, asked } = await open()
    await page.get('.page').trigger('drop', { dataTransfer: { files: [new File(['a'], 'faq.csv')] } })
    await settled()

    expect(sent(asked, '/imports/check')).toHaveLength(1)
  })
})

describe('the columns', () => {
  const unknown = { problem: '还没有指定。', seen: null, dialect: '' }
  const selects = (page: VueWrapper) => page.findAllComponents(ElSelect)

  it('must name question and answer before one can go on', async () => {
    const columns = someCheck().columns.map((column) => ({ ...column, field: '' }))
    const { page, asked } = await open({ check: answer({ ...unknown, columns }) })
    await choose(page)
    expect(page.text()).toContain('请指定哪一列是标准问题和答案。')
    expect(footerButton(page).attributes('disabled')).toBeDefined()

    selects(page)[1]?.vm.$emit('update:modelValue', 'question')
    await flushPromises()
    selects(page)[3]?.vm.$emit('update:modelValue', 'answer')
    await flushPromises()
    await press(page, '检查内容')
    expect(sent(asked, '/imports/check')[1]?.query).toEqual({ file: 'faq.csv', fields: 'question,,answer' })
  })

  it('are asked for anew when the form or the headings are said to be others', async () => {
    const { page, asked } = await open()
    await choose(page)

    page.getComponent(ElSwitch).vm.$emit('update:modelValue', false)
    await settled()
    expect(sent(asked, '/imports/check')[1]?.query).toEqual({
      file: 'faq.csv',
      fields: 'question,answer,',
      headed: 'false',
    })

    selects(page)[0]?.vm.$emit('update:modelValue', 'ragflow')
    await settled()
    expect(sent(asked, '/imports/check')[2]?.query).toEqual({ file: 'faq.csv', dialect: 'ragflow' })
  })

  it('are not asked for again when nothing was changed', async () => {
    const { page, asked } = await report()

    expect(sent(asked, '/imports/check')).toHaveLength(1)
    expect(page.find('.tallies').exists()).toBe(true)
  })

  it('without a heading are called as in a spreadsheet', async () => {
    const columns = someCheck().columns.map((column) => ({ ...column, heading: '' }))
    const { page } = await open({ check: answer({ columns, headed: false }) })
    await choose(page)

    expect(page.get('.mapping tbody').text()).toContain('第 B 列')
  })
})

describe('the report', () => {
  it('begins with the bad rows: where, what, and what to do', async () => {
    const { page } = await report()

    expect(page.get('.tally.is-bad').attributes('aria-pressed')).toBe('true')
    expect(page.get('.rows').text()).toContain('第 7 行')
    expect(page.get('.rows').text()).toContain('“答案”是空的')
    expect(page.get('.rows').text()).toContain('请补上')
  })

  it('shows a changed pair field by field, of a list only what differs', async () => {
    const { page } = await report()
    await page.get('.tally.is-changed').trigger('click')

    const texts = (selector: string) => page.findAll(selector).map((one) => one.text())
    expect(texts('dt')).toEqual(['答案', '相似问', '答案 · English'])
    expect(texts('del')).toEqual(['原来：旧', '原来：甲', '原来：Old'])
    expect(texts('ins')).toEqual(['改为：新', '改为：丙'])
    expect(page.text()).toContain('（清空）')
  })

  it('shows both sides of a conflict, the draft with its address', async () => {
    const { page } = await report()
    await page.get('.tally.is-conflicts').trigger('click')

    expect(page.get('.sides').text()).toContain('打电话')
    expect(page.get('.sides a').attributes('href')).toBe('/pairs/ec-9')
    expect(page.text()).toContain('要改写或合并后才能发布')
  })

  it('imports past bad rows only when told to skip them', async () => {
    const { page, asked } = await report()
    expect(footerButton(page).attributes('disabled')).toBeDefined()

    await page.get('.footer input[type=checkbox]').setValue(true)
    await press(page, '导入 2 条为草稿')

    expect(sent(asked, '/imports')[0]?.query).toEqual({ file: 'faq.csv', seen: 'abc.def', skip_bad: 'true' })
    expect(page.text()).toContain('新增 1，修改 1，未变 3。')
    expect(page.text()).toContain('跳过 1 行错误。')
    expect(page.text()).toContain('查看并发布')
  })

  it('leaves out what clashes when told to', async () => {
    const { page, asked } = await report({ check: answer({ bad: [], counts: { ...someCheck().counts, bad: 0 } }) })
    expect(footerButton(page).text()).toBe('导入 2 条为草稿')

    await page.get('.footer input[type=checkbox]').setValue(true)
    await press(page, '导入 1 条为草稿')
    expect(sent(asked, '/imports')[0]?.query).toEqual({ file: 'faq.csv', seen: 'abc.def', skip_clashing: 'true' })
  })

  it('hands the bad rows to the browser as a file', async () => {
    const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x')
    const { page, asked } = await report()
    await press(page, '下载错误行')

    expect(sent(asked, '/imports/bad-rows')[0]?.query).toEqual({ file: 'faq.csv' })
    expect(made).toHaveBeenCalledOnce()
  })

  it('is looked at again when drafts were changed meanwhile', async () => {
    let counts = someCheck().counts
    const { page, asked } = await report({
      check: () => ({ body: someCheck({ counts, seen: `seen-${counts.changed}`, bad: [] }) }),
      apply: (one) => (one.query.seen === 'seen-1' ? refusal(409, 'conflict', '有人修改了。') : { status: 201, body: done }),
    })
    await page.get('.footer input[type=checkbox]').setValue(true)
    await press(page, '导入 2 条为草稿')
    expect(page.get('[role=alert]').text()).toContain('有人修改了。')

    counts = { ...counts, bad: 0, changed: 0 }
    await press(page, '重新检查')
    await press(page, '导入 1 条为草稿')
    expect(sent(asked, '/imports').map((one) => one.query.seen)).toEqual(['seen-1', 'seen-0'])
  })

  it('says so when the file changes nothing', async () => {
    const counts = { added: 0, changed: 0, unchanged: 5, duplicates: 0, conflicts: 0, clashing: 0, bad: 0 }
    const { page } = await report({ check: answer({ counts, added: [], changed: [], conflicts: [], bad: [] }) })

    expect(page.text()).toContain('没有需要导入的内容')
    expect(footerButton(page).attributes('disabled')).toBeDefined()
  })

  it('tells how many rows of a kind it does not list', async () => {
    const counts = { ...someCheck().counts, added: 3_000, bad: 0, conflicts: 0, changed: 0 }
    const { page } = await report({ check: answer({ counts }) })

    expect(page.text()).toContain('另外还有 2,999 条没有列出')
  })
})

describe('the imports so far', () => {
  const two = [someImport({ id: 'i1' }), someImport({ id: 'i0', file: 'old.csv', last: false })]

  it('can be undone, the last first, after a question', async () => {
    const { page, asked } = await open({ imports: two })
    const buttons = page.findAll('.history button')
    expect(buttons.map((one) => one.attributes('aria-label'))).toEqual(['撤销导入 faq.csv'])

    await buttons[0]?.trigger('click')
    await flushPromises()
    const box = document.querySelector('.el-message-box')
    expect(box?.textContent).toContain('新增的 1 条会移除，修改的 1 条会恢复')
    expect(sent(asked, '/imports/i1/undo')).toEqual([])

    box?.querySelector<HTMLElement>('.el-button--primary')?.click()
    await settled()
    expect(sent(asked, '/imports/i1/undo')).toHaveLength(1)
    expect(document.body.textContent).toContain('已撤销导入 faq.csv')
  })

  it('say whose edit keeps them from being undone', async () => {
    const { page } = await open({ imports: two, undo: () => refusal(409, 'conflict', '不能撤销：“a”（王）。') })
    await page.get('.history button').trigger('click')
    await flushPromises()
    document.querySelector<HTMLElement>('.el-message-box .el-button--primary')?.click()
    await settled()

    expect(document.querySelector('.el-message--error')?.textContent).toContain('不能撤销：“a”（王）。')
  })

  it('are shown twenty at a time', async () => {
    const { page } = await open({ imports: Array.from({ length: 25 }, (_, n) => someImport({ id: `i${n}`, last: n === 0 })) })
    expect(page.findAll('.history tbody tr')).toHaveLength(20)

    await press(page, '再看更早的')
    expect(page.findAll('.history tbody tr')).toHaveLength(25)
  })

  it('name who took one back', async () => {
    const undone = someImport({ undone_at: 1_700_000_000_001, undone_by: '王', last: false })
    const { page } = await open({ imports: [undone] })

    expect(page.get('.history').text()).toContain('王 已撤销')
    expect(page.find('.history button').exists()).toBe(false)
  })
})
