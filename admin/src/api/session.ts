/** Who is logged in: set-up, log-in, log-out. */
import { ApiError, request } from './http'
import type { Operator } from './types'

export interface SessionState {
  operator: Operator | null
  setupNeeded: boolean
}

/** Ask who is logged in; nobody is an answer, not an error. */
export async function readSession(): Promise<SessionState> {
  try {
    const body = await request<{ operator: Operator; setup_needed: boolean }>('GET', '/session')
    return { operator: body.operator, setupNeeded: false }
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'unauthenticated') throw error
    return { operator: null, setupNeeded: error.body.setup_needed === true }
  }
}

export async function logIn(name: string, password: string): Promise<Operator> {
  const body = await request<{ operator: Operator }>('POST', '/session', { body: { name, password } })
  return body.operator
}

export async function setUp(token: string, name: string, password: string): Promise<Operator> {
  const body = await request<{ operator: Operator }>('POST', '/setup', { body: { token, name, password } })
  return body.operator
}

export const logOut = (): Promise<void> => request('DELETE', '/session')
