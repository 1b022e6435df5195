/** A clock, a network and a server that tests drive by hand. */

import { ChatClient, type Environment, type SocketLike } from "../src/index.js";
import type { Frame, HistoryPage } from "../src/protocol.js";

export class FakeClock {
  time = 1_800_000_000_000;
  private nextHandle = 1;
  private readonly waiting = new Map<number, { at: number; ring: () => void }>();

  readonly timers = {
    set: (ring: () => void, milliseconds: number): unknown => {
      const handle = this.nextHandle++;
      this.waiting.set(handle, { at: this.time + milliseconds, ring });
      return handle;
    },
    clear: (handle: unknown): void => void this.waiting.delete(handle as number),
  };

  /** Milliseconds until each running timer rings, shortest first. */
  get pending(): number[] {
    return [...this.waiting.values()].map(({ at }) => at - this.time).sort((a, b) => a - b);
  }

  /** Lets time pass, ringing in order, and lets promises settle after each ring. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      const due = [...this.waiting].filter(([, timer]) => timer.at <= end);
      const next = due.sort(([, left], [, right]) => left.at - right.at)[0];
      if (!next) break;
      this.time = next[1].at;
      this.waiting.delete(next[0]);
      next[1].ring();
      await settle();
    }
    this.time = end;
  }
}

export async function settle(): Promise<void> {
  for (let round = 0; round < 12; round++) await Promise.resolve();
}

export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: Frame[] = [];
  closedWith: number | null = null;

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Frame);
  }

  close(code?: number): void {
    this.closedWith = code ?? 1000;
  }

  /** The frames of one type that the client has sent. */
  of(type: string): Frame[] {
    return this.sent.filter((frame) => frame.type === type);
  }

  last(type: string): Frame {
    const frame = this.of(type).pop();
    if (!frame) throw new Error(`the client has sent no ${type}`);
    return frame;
  }

  say(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The server closes, or the network does. */
  drop(code: number): void {
    this.onclose?.({ code });
  }
}

export class MemoryStorage {
  readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
  removeItem = (key: string): void => void this.kept.delete(key);
}

export interface Call {
  method: string;
  path: string;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

/** The other end of the line: sockets, HTTP answers, and what was asked. */
export class World {
  readonly clock = new FakeClock();
  readonly sockets: FakeSocket[] = [];
  readonly calls: Call[] = [];
  storage = new MemoryStorage();
  random = 0.5;
  /** HTTP status by path prefix; anything not named is answered well. */
  readonly refusals = new Map<string, number>();
  page: HistoryPage = { events: [], top_seq: 0, epoch: "e1" };
  config: Record<string, unknown> = { key: "web_demo", protocols: ["csbot.v1"] };
  private ids = 0;

  environment(): Environment {
    const world = this;
    return {
      WebSocket: class extends FakeSocket {
        constructor(url: string, protocols: string[]) {
          super(url, protocols);
          world.sockets.push(this);
        }
      },
      fetch: (url, request) => this.answer(url, request ?? {}),
      storage: this.storage,
      now: () => this.clock.time,
      random: () => this.random,
      randomBytes: (count) => new Uint8Array(count).fill(++this.ids),
      timers: this.clock.timers,
      timeZone: () => "Asia/Shanghai",
    };
  }

  client(): ChatClient {
    const environment = this.environment();
    return new ChatClient({ key: "web_demo", origin: "http://bot.test", environment });
  }

  get socket(): FakeSocket {
    const socket = this.sockets[this.sockets.length - 1];
    if (!socket) throw new Error("the client has not connected");
    return socket;
  }

  /** Starts the client and brings it up to a sent hello. */
  async connect(client: ChatClient): Promise<FakeSocket> {
    client.start();
    return this.open();
  }

  /** Opens the newest socket. */
  async open(): Promise<FakeSocket> {
    await settle();
    this.socket.onopen?.();
    return this.socket;
  }

  /** Answers the hello. */
  async welcome(changes: Record<string, unknown> = {}): Promise<void> {
    const hello = this.socket.last("hello");
    const data = { conversation_id: "c1", epoch: "e1", top_seq: 0, resume: "fresh", ...changes };
    this.socket.say({ type: "welcome", re: hello.id ?? "", data });
    await settle();
  }

  async live(client: ChatClient): Promise<FakeSocket> {
    await this.connect(client);
    await this.welcome();
    return this.socket;
  }

  private answer(url: string, request: { method?: string; body?: string; headers?: object }) {
    const path = url.replace("http://bot.test/api/v1/chat", "");
    const body = JSON.parse(request.body ?? "{}") as Record<string, unknown>;
    const headers = (request.headers ?? {}) as Record<string, string>;
    this.calls.push({ method: request.method ?? "GET", path, body, headers });
    const refusal = [...this.refusals].find(([prefix]) => path.startsWith(prefix));
    const status = refusal ? refusal[1] : 200;
    return Promise.resolve({ ok: status < 300, status, json: () => this.content(path) });
  }

  private content(path: string): Promise<unknown> {
    if (path.startsWith("/config")) return Promise.resolve(this.config);
    if (path.startsWith("/conversations")) return Promise.resolve(this.page);
    const token = `t${this.calls.filter((call) => call.path === "/sessions").length}`;
    return Promise.resolve({ visitor_id: "v1", visitor_token: token, ws_url: "/api/v1/chat/ws" });
  }
}

/** A message event of the assistant. */
export function said(seq: number, text = `answer ${seq}`): Frame & { seq: number } {
  const blocks = [{ kind: "text", text }];
  const data = { message_id: `m${seq}`, sender: { role: "bot", name: "小助手" }, blocks };
  return { type: "message", seq, ts: 1_800_000_000_000 + seq, data };
}

/** A message event of the visitor, as the server sends it back. */
export function echoed(seq: number, clientId: string, text = "hello"): Frame & { seq: number } {
  const event = said(seq, text);
  return { ...event, data: { ...event.data, client_id: clientId, sender: { role: "visitor" } } };
}

/** The texts of all shown messages. */
export function texts(client: ChatClient): string[] {
  return client.items.map(({ blocks }) => (blocks[0] as { text: string }).text);
}
