/** The one operator of this page: who it is, and where to go when the session ends. */
import { reactive, readonly } from 'vue'
import * as api from './api/session'
import type { Operator } from './api/types'

interface Session {
  operator: Operator | null
  setupNeeded: boolean
  /** False until the server has been asked once. */
  known: boolean
}

const state = reactive<Session>({ operator: null, setupNeeded: false, known: false })

export const session = readonly(state)

/** Ask the server once per page load who is logged in. */
export async function ensureSession(): Promise<void> {
  if (state.known) return
  Object.assign(state, await api.readSession(), { known: true })
}

export async function logIn(name: string, password: string): Promise<void> {
  enter(await api.logIn(name, password))
}

export async function setUp(token: string, name: string, password: string): Promise<void> {
  enter(await api.setUp(token, name, password))
}

export async function logOut(): Promise<void> {
  await api.logOut()
  leave()
}

/** Forget the operator: logged out here, or the server said the session is over. */
export function leave(): void {
  Object.assign(state, { operator: null, setupNeeded: false, known: true })
}

function enter(operator: Operator): void {
  Object.assign(state, { operator, setupNeeded: false, known: true })
}
