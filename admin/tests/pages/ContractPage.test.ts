import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { Contract } from '@/api/contract'
import { switchLocale } from '@/i18n'
import ContractPage from '@/pages/ContractPage.vue'
import { someContract } from '../contracts'
import { mountInConsole } from '../mounting'
import { refusal, serve, type Answer } from '../server'

async function open(contract: () => Answer, labels = 405) {
  serve({
    'GET /contract': contract,
    'GET /labels': () => ({ body: { items: [], total: labels, page: 1, size: 1, answerable: labels - 50, unanswerable: 50 } }),
  })
  const wrapper = mountInConsole(ContractPage)
  await flushPromises()
  return wrapper
}

const holding = (changes: Partial<Contract> = {}) => open(() => ({ body: someContract(changes) }))

it('says the promise that is kept in one sentence', async () => {
  switchLocale('en')
  const wrapper = await holding()
  expect(wrapper.find('.words').text()).toBe(
    'Direct answers: at most 2% wrong – kept from a probability of 0.84 on; 41% of labelled questions are answered directly.',
  )
  expect(wrapper.find('[role=progressbar]').exists()).toBe(false)
})

it('counts up to the number of labelled questions it takes', async () => {
  const wrapper = await holding({ holds: 'lists', cut: null, labelled: 120, curve: [], advice: [] })
  expect(wrapper.find('.words').text()).toContain('120 / 196')
  const bar = wrapper.find('[role=progressbar]').attributes()
  expect([bar['aria-valuenow'], bar['aria-valuemax']]).toEqual(['120', '196'])
})

it('begins with the sentence alone where nothing is labelled', async () => {
  const none = { labelled: 0, answerable: 0, right_first: 0, right_listed: 0, stale: 0, exact: 0, curve: [], advice: [] }
  const wrapper = await open(() => ({ body: someContract({ holds: 'lists', cut: null, ...none }) }), 50)
  expect(wrapper.find('.words').text()).toContain('0 / 196')
  expect(wrapper.find('.figures').exists()).toBe(false)
  expect(wrapper.text()).not.toContain('都得到了直接回答')
})

it('says what helps when no cut keeps the risk', async () => {
  const wrapper = await holding({ holds: 'lists', cut: null })
  expect(wrapper.find('.words').text()).toContain('还无法保证最多错 2%')
  expect(wrapper.find('.next').text()).toContain('最好只能保证最多错 1.9%')
})

it('does not speak of lists where the thresholds hold', async () => {
  const words = (await holding({ holds: 'thresholds', cut: null, labelled: 120 })).find('.words').text()
  expect(words).toBe('标注的问题还不够：120 / 196。在此之前，按 bot.toml 里的阈值直接回答。')
})

it('promises nothing where no risk is stated', async () => {
  const wrapper = await holding({ holds: 'thresholds', risk: 0 })
  expect(wrapper.find('.words').text()).toContain('没有设定最多可以错多少')
  expect(wrapper.find('line.stated').exists()).toBe(false)
  expect(wrapper.find('line.chosen').exists()).toBe(false)
})

it('shows how often the right pair is found, with what that means', async () => {
  const figures = (await holding()).findAll('.figure').map((figure) => figure.text())
  expect(figures).toEqual([
    '首位就对80%280 个，共 350 个',
    '列表里有98%343 个，共 350 个',
    '有答案350',
    '无答案50',
    '与问法相同3',
    '已失效2',
  ])
})

it('leads from the advice to the pairs and their labels', async () => {
  const links = (await holding()).findAll('.list a').map((link) => link.attributes('href'))
  expect(links).toEqual(['/pairs/ec-020', '/labels?pair_id=ec-020', '/pairs/ec-007'])
})

it('says that new labels are being asked', async () => {
  const wrapper = await open(() => ({ body: someContract() }), 408)
  expect(wrapper.find('.counting').text()).toContain('408')
})

it('waits where the labelled questions were not asked yet', async () => {
  const wrapper = await open(() => ({ body: null }))
  expect(wrapper.find('.headline').text()).toBe('还在计算')
})

it('says what went wrong', async () => {
  const wrapper = await open(() => refusal(503, 'unavailable', '服务器正忙。'))
  expect(wrapper.find('[role=alert]').text()).toContain('服务器正忙。')
})
