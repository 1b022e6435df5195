import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import ConflictDialog from '@/components/ConflictDialog.vue'
import { toContent, toForm } from '@/pairForm'
import { mountInConsole } from '../mounting'
import { somePair } from '../pairs'

const theirs = somePair({ answer: '只限未拆封。', version: 5, updated_by: '王芳' })
const mine = toContent({ ...toForm(somePair()), category: '售后' })

async function dialog() {
  const wrapper = mountInConsole(ConflictDialog, { mine, theirs, saving: false })
  await flushPromises()
  return wrapper
}

it('shows both versions of what differs, and nothing else', async () => {
  await dialog()
  const rows = [...document.querySelectorAll('.versions tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent))
  expect(rows).toEqual([
    ['答案 · 中文', '签收后 7 天内可以申请。', '只限未拆封。'],
    ['分类', '售后', '退换'],
  ])
})

it('says who saved which version', async () => {
  await dialog()
  expect(document.querySelector('.intro')?.textContent).toMatch(/王芳 .*第 5 版/)
})

it('leaves the choice to the operator', async () => {
  const wrapper = await dialog()
  const [later, take, keep] = [...document.querySelectorAll<HTMLElement>('.footer button')]
  keep?.click()
  take?.click()
  expect(wrapper.emitted()).toMatchObject({ keep: [[]], take: [[]] })
  later?.click()
  await flushPromises()
  expect(wrapper.emitted('keep')).toHaveLength(1)
})

it('shows further answers, related pairs and times in words', async () => {
  const answers = [{ text: '金卡免邮。', tiers: ['gold'] }, { blocks: [{ kind: 'buttons' as const, buttons: [{ title: '去', say: '大促' }] }] }]
  const rich = somePair({ version: 5, answers, related: ['ec-001'], valid_until: '2026-12-01T00:00:00+08:00' })
  mountInConsole(ConflictDialog, { mine: toContent(toForm(somePair())), theirs: rich, saving: false })
  await flushPromises()
  const rows = [...document.querySelectorAll('.versions tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent))
  expect(rows.map(([label]) => label)).toEqual(['相关问题', '默认答案的有效期', '答案 1', '答案 2'])
  expect(rows[0]).toEqual(['相关问题', '—', 'ec-001'])
  expect(rows[2]).toEqual(['答案 1', '—', 'gold\n金卡免邮。'])
  expect(rows[3]?.[2]).toBe('不限条件\n[去] 大促')
})
