import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent } from 'vue'
import type { Router } from 'vue-router'
import { useUrlFilters, type UrlFilters } from '@/composables/useUrlFilters'
import { testRouter } from '../mounting'

const DEFAULTS = { search: '', status: '', page: 1 }

async function listAt(address: string): Promise<{ list: UrlFilters<typeof DEFAULTS>; router: Router }> {
  const router = testRouter()
  await router.push(address)
  let list: UrlFilters<typeof DEFAULTS> | undefined
  const Probe = defineComponent({
    setup() {
      list = useUrlFilters(DEFAULTS)
      return () => null
    },
  })
  mount(Probe, { global: { plugins: [router] } })
  if (!list) throw new Error('not mounted')
  return { list, router }
}

it('reads the filters from the address, so a reload keeps them', async () => {
  const { list } = await listAt('/knowledge?search=退款&page=3')
  expect(list.filters.value).toEqual({ search: '退款', status: '', page: 3 })
  expect(list.filtered.value).toBe(true)
})

it('writes only what differs from the default', async () => {
  const { list, router } = await listAt('/knowledge?page=3')
  list.change({ status: 'draft' })
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ status: 'draft' })
})

it('starts again at page one when a filter changes, but not when the page does', async () => {
  const { list } = await listAt('/knowledge?search=退款&page=3')
  list.change({ page: 4 })
  await flushPromises()
  expect(list.filters.value).toEqual({ search: '退款', status: '', page: 4 })
  list.change({ search: '退货' })
  await flushPromises()
  expect(list.filters.value.page).toBe(1)
})

it('lets the back button undo a filter', async () => {
  const { list, router } = await listAt('/knowledge')
  list.change({ status: 'draft' })
  await flushPromises()
  router.back()
  await flushPromises()
  expect(list.filters.value.status).toBe('')
})

it('takes a page that is no number for the first', async () => {
  const { list } = await listAt('/knowledge?page=-2')
  expect(list.filters.value.page).toBe(1)
})

it('leaves other parts of the address alone and clears its own', async () => {
  const { list, router } = await listAt('/knowledge?status=draft&panel=open')
  list.clear()
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ panel: 'open' })
  expect(list.filtered.value).toBe(false)
})
