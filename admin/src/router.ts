/** Pages by hash address: the server knows one document, `/admin/`. */
import { createRouter, createWebHashHistory, type Router, type RouteRecordRaw, type RouterHistory } from 'vue-router'
import { ensureSession, leave, session } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Reachable without a session. */
    open?: boolean
    /** Which entry of the main navigation is marked. */
    section?: 'knowledge' | 'conversations' | 'messages'
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/knowledge' },
  { path: '/login', name: 'login', component: () => import('./pages/LoginPage.vue'), meta: { open: true } },
  { path: '/setup', name: 'setup', component: () => import('./pages/SetupPage.vue'), meta: { open: true } },
  {
    path: '/',
    component: () => import('./components/ConsoleFrame.vue'),
    children: [
      {
        path: 'knowledge',
        name: 'knowledge',
        component: () => import('./pages/KnowledgePage.vue'),
        meta: { section: 'knowledge' },
      },
      {
        path: 'knowledge/releases',
        name: 'releases',
        component: () => import('./pages/ReleasesPage.vue'),
        meta: { section: 'knowledge' },
      },
      {
        path: 'knowledge/models',
        name: 'models',
        component: () => import('./pages/ModelsPage.vue'),
        meta: { section: 'knowledge' },
      },
      {
        path: 'knowledge/import',
        name: 'import',
        component: () => import('./pages/ImportPage.vue'),
        meta: { section: 'knowledge' },
      },
      {
        path: 'knowledge/labels',
        name: 'labels',
        component: () => import('./pages/LabelsPage.vue'),
        meta: { section: 'knowledge' },
      },
      {
        path: 'knowledge/contract',
        name: 'contract',
        component: () => import('./pages/ContractPage.vue'),
        meta: { section: 'knowledge' },
      },
      {
        path: 'knowledge/new',
        name: 'new-pair',
        component: () => import('./pages/PairPage.vue'),
        meta: { section: 'knowledge' },
      },
      {
        path: 'knowledge/pairs/:id',
        name: 'pair',
        component: () => import('./pages/PairPage.vue'),
        props: true,
        meta: { section: 'knowledge' },
      },
      {
        path: 'conversations',
        name: 'conversations',
        component: () => import('./pages/ConversationsPage.vue'),
        meta: { section: 'conversations' },
      },
      {
        path: 'conversations/:id',
        name: 'conversation',
        component: () => import('./pages/ConversationPage.vue'),
        props: true,
        meta: { section: 'conversations' },
      },
      {
        path: 'messages',
        name: 'messages',
        component: () => import('./pages/LeftMessagesPage.vue'),
        meta: { section: 'messages' },
      },
      { path: ':rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
    ],
  },
]

/** A router whose guard sends whoever is not logged in to log in, and back afterwards. */
export function createConsoleRouter(history: RouterHistory = createWebHashHistory()): Router {
  const router = createRouter({
    history,
    routes,
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })
  router.beforeEach(async (to) => {
    if (to.meta.open) return true
    // A server that does not answer must not blank the page: the page itself says so and retries.
    await ensureSession().catch(() => undefined)
    if (session.operator || !session.known) return true
    return { name: 'login', query: { next: to.fullPath } }
  })
  return router
}

/** The session is over: forget the operator, and lead to log-in with the way back. */
export function leadToLogin(router: Router): void {
  const here = router.currentRoute.value
  leave()
  if (!here.meta.open) void router.push({ name: 'login', query: { next: here.fullPath, ended: '1' } })
}

/** The address to go to after logging in: only one inside the console is followed. */
export function nextAddress(next: unknown): string {
  return typeof next === 'string' && /^\/(?!\/)/.test(next) ? next : '/'
}
