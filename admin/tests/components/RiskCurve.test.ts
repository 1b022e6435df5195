import { expect, it } from 'vitest'
import RiskCurve from '@/components/RiskCurve.vue'
import { someContract } from '../contracts'
import { mountInConsole } from '../mounting'

const curve = (changes = {}) => mountInConsole(RiskCurve, { contract: someContract(changes) })

it('begins at the chosen cut and reads it out', () => {
  const slider = curve().find('[role=slider]').attributes()
  expect([slider['aria-valuenow'], slider['aria-valuemax']]).toEqual(['1', '2'])
  expect(slider['aria-valuetext']).toBe('当前，把握从 0.84 起：直接回答 41%，其中答错 0.6%，能保证不超过 1.9%')
})

it('is walked along with the keyboard, and no further than its ends', async () => {
  const slider = curve().find('[role=slider]')
  await slider.trigger('keydown', { key: 'ArrowRight' })
  await slider.trigger('keydown', { key: 'ArrowRight' })
  expect(slider.attributes('aria-valuetext')).toContain('直接回答 90%')
  await slider.trigger('keydown', { key: 'Home' })
  expect(slider.attributes('aria-valuetext')).toContain('直接回答 10%')
})

it('begins at the lowest bound where no cut is chosen, and marks none', () => {
  const wrapper = curve({ cut: null })
  expect(wrapper.find('[role=slider]').attributes('aria-valuetext')).toMatch(/^把握从 0.84 起/)
  expect(wrapper.find('line.chosen').exists()).toBe(false)
})

it('can be read as a table', async () => {
  const wrapper = curve()
  await wrapper.find('.head button').trigger('click')
  const rows = wrapper.findAll('tbody tr').map((row) => row.text().replace(/\s+/g, ' '))
  expect(rows).toEqual(['0.95 10%0%3%', '0.84 当前41%0.6%1.9%', '0.30 90%12%100%'])
})
