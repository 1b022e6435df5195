import { describe, expect, it, vi } from 'vitest'
import { ApiError, listenForUnauthenticated, request, speak } from '@/api/http'
import { readSession } from '@/api/session'
import { refusal, serve } from '../server'

async function caught(work: Promise<unknown>): Promise<ApiError> {
  try {
    await work
  } catch (error) {
    if (error instanceof ApiError) return error
  }
  throw new Error('no ApiError was thrown')
}

describe('request', () => {
  it('carries the CSRF header on every method but GET', async () => {
    const log = serve({ 'GET /a': () => ({}), 'POST /a': () => ({}), 'DELETE /a': () => ({ status: 204 }) })

    await request('GET', '/a')
    await request('POST', '/a', { body: {} })
    await request('DELETE', '/a')

    expect(log.map((asked) => asked.headers['X-CSB-Console'])).toEqual([undefined, '1', '1'])
  })

  it('leaves empty filters out of the address and encodes the others', async () => {
    const log = serve({ 'GET /pairs': () => ({ body: {} }) })

    await request('GET', '/pairs', { query: { search: '退款 & 退货', status: '', page: 2, cursor: undefined } })

    expect(log[0]?.query).toEqual({ search: '退款 & 退货', page: '2' })
  })

  it('asks the server to speak the language of the page', async () => {
    const log = serve({ 'GET /a': () => ({}) })

    speak('en')
    await request('GET', '/a')

    expect(log[0]?.headers['Accept-Language']).toBe('en')
  })

  it('gives undefined for an empty answer', async () => {
    serve({ 'DELETE /session': () => ({ status: 204 }) })

    expect(await request('DELETE', '/session')).toBeUndefined()
  })

  it('throws what the server said, field by field', async () => {
    const fields = { question: '请写下问题。' }
    serve({ 'POST /pairs': () => ({ status: 422, body: { error: { code: 'invalid', message: '请检查。', fields } } }) })

    const error = await caught(request('POST', '/pairs', { body: {} }))

    expect(error).toMatchObject({ status: 422, code: 'invalid', message: '请检查。', fields })
  })

  it('knows how long to wait after too many attempts', async () => {
    const body = { error: { code: 'rate_limited', message: '', retry_after_seconds: 41.2 } }
    serve({ 'POST /session': () => ({ status: 429, body }) })

    expect((await caught(request('POST', '/session', { body: {} }))).retryAfterSeconds).toBe(42)
  })

  it.each([
    [401, 'unauthenticated'],
    [502, 'unavailable'],
    [500, 'internal'],
  ])('reads a foreign answer with status %i as %s', async (status, code) => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<h1>proxy</h1>', { status })))

    expect((await caught(request('GET', '/session'))).code).toBe(code)
  })

  it('does not take a page for an answer', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<!doctype html>')))

    expect((await caught(request('GET', '/pairs'))).code).toBe('internal')
  })

  it('says when there is no server', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))

    expect((await caught(request('GET', '/pairs'))).code).toBe('network')
  })

  it('gives up after twenty seconds', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    })

    const waiting = caught(request('GET', '/pairs'))
    await vi.advanceTimersByTimeAsync(20_000)

    expect((await waiting).code).toBe('timeout')
  })

  it('tells once that the session is over, but not while asking who is logged in', async () => {
    const heard = vi.fn()
    listenForUnauthenticated(heard)
    serve({
      'GET /pairs': () => refusal(401, 'unauthenticated'),
      'POST /session': () => refusal(401, 'unauthenticated'),
    })

    await caught(request('GET', '/pairs'))
    await caught(request('POST', '/session', { body: {} }))

    expect(heard).toHaveBeenCalledOnce()
  })
})

describe('readSession', () => {
  it('takes nobody logged in for an answer', async () => {
    serve({ 'GET /session': () => refusal(401, 'unauthenticated', '', { setup_needed: true }) })

    expect(await readSession()).toEqual({ operator: null, setupNeeded: true })
  })

  it('still throws when the server is broken', async () => {
    serve({ 'GET /session': () => refusal(503, 'unavailable') })

    expect((await caught(readSession())).code).toBe('unavailable')
  })
})
