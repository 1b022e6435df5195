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
