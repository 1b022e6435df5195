/** Mounts a component the way the console does: with a router, a query cache and real components. */
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount, type VueWrapper } from '@vue/test-utils'
import { h, type Component } from 'vue'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'

const names = [
  'knowledge',
  'import',
  'labels',
  'contract',
  'releases',
  'models',
  'new-pair',
  'conversations',
  'messages',
  'login',
] as const

export function testRouter(): Router {
  const page = { template: '<p />' }
  return createRouter({
    history: createMemoryHistory(),
    routes: [
      ...names.map((name) => ({ path: `/${name}`, name, component: page })),
      { path: '/pairs/:id', name: 'pair', component: page },
      { path: '/conversations/:id', name: 'conversation', component: page },
      { path: '/:rest(.*)*', component: page },
    ],
  })
}

export function mountInConsole(component: Component, props: object = {}, router = testRouter()): VueWrapper {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  return mount(component, {
    props: props as Record<string, unknown>,
    attachTo: document.body,
    global: { plugins: [router, [VueQueryPlugin, { queryClient }]] },
  })
}

/** Mounts a page under its address, for what only a page inside a route can do. */
export async function mountPage(page: Component, path: string, address: string): Promise<VueWrapper> {
  const router = testRouter()
  router.addRoute({ path, component: page, props: true })
  await router.push(address)
  return mountInConsole({ render: () => h(RouterView) }, {}, router)
}
