/** A stand-in for the operator API: answers what a test wrote down and remembers what was asked. */
import { vi } from 'vitest'

export interface Asked {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body: unknown
}

export interface Answer {
  status?: number
  body?: unknown
}

type Answers = Record<string, (asked: Asked) => Answer>

/** Replace `fetch`; keys read "GET /pairs". An address nobody wrote down answers 404. */
export function serve(answers: Answers): Asked[] {
  const log: Asked[] = []
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    const url = new URL(address, 'http://console.test')
    const asked: Asked = {
      method: init.method ?? 'GET',
      path: url.pathname.replace('/api/v1/admin', ''),
      query: Object.fromEntries(url.searchParams),
      headers: init.headers as Record<string, string>,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    }
    log.push(asked)
    const missing = { status: 404, body: { error: { code: 'not_found', message: 'Nothing there.' } } }
    const { status = 200, body } = answers[`${asked.method} ${asked.path}`]?.(asked) ?? missing
    return Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status }))
  })
  return log
}

/** An error answer as the server writes it. */
export function refusal(status: number, code: string, message = '', more: object = {}): Answer {
  return { status, body: { error: { code, message }, ...more } }
}
