/** What the SDK needs from its host, so that it runs in browsers, Node and mini-programs alike. */

import type { KeyValueStore } from "./storage.js";

/** The part of a WebSocket that is used. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason?: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface ResponseLike {
  ok: boolean;
  status: number;
  json(): Promise<unknown>;
}

export interface RequestLike {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Timers {
  set(callback: () => void, milliseconds: number): unknown;
  clear(handle: unknown): void;
}

export interface Environment {
  WebSocket: new (url: string, protocols: string[]) => SocketLike;
  fetch: (url: string, request?: RequestLike) => Promise<ResponseLike>;
  /** Null keeps everything in memory. */
  storage: KeyValueStore | null;
  /** Epoch milliseconds. */
  now: () => number;
  /** In [0, 1). */
  random: () => number;
  randomBytes: (count: number) => Uint8Array;
  timers: Timers;
  timeZone: () => string;
}

interface Host {
  WebSocket: Environment["WebSocket"];
  fetch: Environment["fetch"];
  localStorage?: KeyValueStore;
  crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** The browser's own parts; each may be replaced. */
export function hostEnvironment(): Environment {
  const host = globalThis as unknown as Host;
  return {
    WebSocket: host.WebSocket,
    fetch: (url, request) => host.fetch(url, request),
    storage: hostStorage(host),
    now: () => Date.now(),
    random: () => Math.random(),
    randomBytes: (count) => host.crypto.getRandomValues(new Uint8Array(count)),
    timers: {
      set: (callback, milliseconds) => host.setTimeout(callback, milliseconds),
      clear: (handle) => host.clearTimeout(handle),
    },
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** Reading `localStorage` itself may throw where storage is blocked. */
function hostStorage(host: Host): KeyValueStore | null {
  try {
    return host.localStorage ?? null;
  } catch {
    return null;
  }
}
