import { expect, it } from 'vitest'
import type { Turn } from '@/api/types'
import TurnCard from '@/components/TurnCard.vue'
import { mountInConsole } from '../mounting'

const TURN: Turn = {
  turn_id: 't1',
  at: 0,
  text: '订单到哪了',
  masked: false,
  reply: { text: '在路上', source: null, ref: null },
  answered_by: 'task',
  steps: [],
  release: 'r1',
  model: { id: 'm3', digest: '9c1e07aa55' },
  locale: 'zh',
  feedback: null,
}

it('names the trained model of a turn, and what tells it from others', () => {
  const named = mountInConsole(TurnCard, { turn: TURN, startsOpen: false }).find('[title="9c1e07aa55"]')
  expect(named.text()).toContain('m3')
})

it('names a model that could not be stored by its digest', () => {
  const turn = { ...TURN, model: { id: '', digest: '9c1e07aa55' } }
  expect(mountInConsole(TurnCard, { turn, startsOpen: false }).text()).toContain('9c1e07aa')
})

it('names no model where nothing is trained', () => {
  expect(mountInConsole(TurnCard, { turn: { ...TURN, model: null }, startsOpen: false }).find('[title]').exists()).toBe(false)
})
