/** One request to the operator API: the CSRF header, a time limit, and errors as `ApiError`. */

const PREFIX = '/api/v1/admin'
const TIMEOUT_MS = 20_000

const SERVER_CODES = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'invalid',
  'rate_limited',
  'internal',
  'unavailable',
] as const

/** `network`: no answer at all; `timeout`: none in time. All others are the server's own words. */
export type ErrorCode = (typeof SERVER_CODES)[number] | 'network' | 'timeout'

export type QueryValue = string | number | undefined

export interface RequestOptions {
  query?: Record<string, QueryValue>
  body?: unknown
  /** A file as the body, in the place of JSON. */
  file?: ArrayBuffer
  timeoutMs?: number
  signal?: AbortSignal | undefined
}

/** A request that did not succeed, with everything the server said about it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    message: string,
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
  }

  /** One sentence per field the server refused. */
  get fields(): Record<string, string> {
    const fields = asRecord(asRecord(this.body.error).fields)
    return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, String(text)]))
  }

  get retryAfterSeconds(): number | null {
    const seconds = asRecord(this.body.error).retry_after_seconds ?? this.body.retry_after_seconds
    return typeof seconds === 'number' ? Math.ceil(seconds) : null
  }
}

type Listener = (error: ApiError) => void
let onUnauthenticated: Listener = () => undefined
let language = 'zh'

/** Name the one listener that hears of every answer that says the session is over. */
export function listenForUnauthenticated(listener: Listener): void {
  onUnauthenticated = listener
}

/** The language the server is asked to write its sentences in. */
export function speak(locale: string): void {
  language = locale
}

/** Send one request and return its JSON; an empty answer gives undefined. Throws `ApiError`. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options)
  const body = await readJson(response)
  if (response.ok) return body as T
  throw refused(response.status, body, path)
}

/** Send one request and return the file it answers with. Throws `ApiError`. */
export async function download(method: string, path: string, options: RequestOptions = {}): Promise<Blob> {
  const response = await send(method, path, options)
  if (response.ok) return response.blob()
  throw refused(response.status, await readJson(response), path)
}

function refused(status: number, body: unknown, path: string): ApiError {
  const error = toError(status, asRecord(body))
  if (error.code === 'unauthenticated' && path !== '/session') onUnauthenticated(error)
  return error
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const limit = new AbortController()
  const stop = (): void => limit.abort()
  const timer = setTimeout(stop, options.timeoutMs ?? TIMEOUT_MS)
  options.signal?.addEventListener('abort', stop)
  try {
    return await fetch(address(path, options.query), {
      method,
      headers: headers(method, options),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: limit.signal,
      ...bodyOf(options),
    })
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    if (limit.signal.aborted) throw new ApiError(0, 'timeout', 'No answer in time.')
    throw new ApiError(0, 'network', 'The server cannot be reached.')
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
  }
}

function bodyOf({ body, file }: RequestOptions): { body?: BodyInit } {
  if (file) return { body: file }
  return body === undefined ? {} : { body: JSON.stringify(body) }
}

function headers(method: string, { body, file }: RequestOptions): Record<string, string> {
  return {
    Accept: 'application/json',
    'Accept-Language': language,
    ...(method === 'GET' ? {} : { 'X-CSB-Console': '1' }),
    ...(file ? { 'Content-Type': 'application/octet-stream' } : {}),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  }
}

function address(path: string, query: Record<string, QueryValue> = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return PREFIX + path + (text && `?${text}`)
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    if (response.ok) throw new ApiError(response.status, 'internal', 'The answer is not JSON.')
    return undefined
  }
}

function toError(status: number, body: Record<string, unknown>): ApiError {
  const { code, message } = asRecord(body.error)
  const known = SERVER_CODES.find((name) => name === code)
  return new ApiError(status, known ?? codeOf(status), typeof message === 'string' ? message : '', body)
}

/** A proxy in between answers without our error body; its status still tells enough. */
function codeOf(status: number): ErrorCode {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 429) return 'rate_limited'
  return status >= 502 ? 'unavailable' : 'internal'
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
