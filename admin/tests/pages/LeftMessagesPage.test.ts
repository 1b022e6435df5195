import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { LeftMessage } from '@/api/types'
import { contactLink } from '@/contact'
import LeftMessagesPage from '@/pages/LeftMessagesPage.vue'
import { mountInConsole } from '../mounting'
import { serve } from '../server'

const MESSAGE: LeftMessage = {
  id: 'm1',
  conversation_id: 'c1',
  created_at: 1_700_000_000_000,
  name: '张先生',
  contact: '138 0000 0000',
  text: '杯子碎了。',
  status: 'open',
  note: '',
  handled_by: null,
  handled_at: null,
}

it('marks a message as done with a note', async () => {
  const asked = serve({
    'GET /left-messages': () => ({ body: { items: [MESSAGE], open: 1, next: null } }),
    'PATCH /left-messages/m1': ({ body }) => ({ body: { ...MESSAGE, ...(body as object) } }),
  })
  const wrapper = mountInConsole(LeftMessagesPage)
  await flushPromises()

  await wrapper.find('.message button').trigger('click')
  await flushPromises()
  const note = document.querySelector<HTMLTextAreaElement>('#message-note')
  if (!note) throw new Error('no field for the note')
  note.value = ' 已回电 '
  note.dispatchEvent(new Event('input'))
  document.querySelector<HTMLElement>('.el-dialog .el-button--primary')?.click()
  await flushPromises()

  expect(asked.find(({ method }) => method === 'PATCH')?.body).toEqual({ status: 'done', note: '已回电' })
  expect(document.body.textContent).toContain('已标为已处理。')
})

it.each([
  ['138 0000 0000', 'tel:13800000000'],
  ['+86 (10) 8888-8888', 'tel:+861088888888'],
  ['liu@example.com', 'mailto:liu@example.com'],
  ['微信 zhang_88', undefined],
  ['javascript:alert(1)@x.y', 'mailto:javascript:alert(1)@x.y'],
])('the contact %s leads to %s', (contact, link) => {
  expect(contactLink(contact)).toBe(link)
})
