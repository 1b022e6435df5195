import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import ConversationPage from '@/pages/ConversationPage.vue'
import { mountInConsole } from '../mounting'
import { serve } from '../server'

const conversation = {
  id: 'c_1',
  channel: 'web_demo',
  visitor_id: 'v_1',
  started_at: 1_700_000_000_000,
  last_at: 1_700_000_000_000,
  turns: 1,
  last_text: 'hi',
  last_reply: 'Hello!',
  answered_by: ['chat'],
  up: 0,
  down: 0,
  handoff: false,
}
const turn = {
  turn_id: 'a_1',
  at: 1_700_000_000_000,
  text: 'Is it there yet?',
  masked: false,
  reply: { source: 'chat', score: 1, text: 'Not yet.', ref: null, blocks: [], suggestions: [], handoff: false },
  answered_by: 'chat',
  steps: [],
  release: null,
  locale: 'en',
  feedback: null,
}

it('shows what a program added where it happened', async () => {
  const before = { at: turn.at - 1, events: [{ kind: 'slot', name: 'order', text: '20240001' }] }
  const after = { at: turn.at + 1, events: [{ kind: 'bot', name: '', text: 'It has been sent.' }] }
  serve({ 'GET /conversations/c_1': () => ({ body: { conversation, turns: [turn], additions: [after, before] } }) })
  const wrapper = mountInConsole(ConversationPage, { id: 'c_1' })
  await flushPromises()
  const shown = wrapper.findAll('article').map((item) => item.text())
  expect(shown).toHaveLength(3)
  expect(shown[0]).toContain('slot order: 20240001')
  expect(shown[1]).toContain('Is it there yet?')
  expect(shown[2]).toContain('bot: It has been sent.')
})
