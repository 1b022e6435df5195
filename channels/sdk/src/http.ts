/** The HTTP companions of the socket: session, history, channel configuration. */

import type { Environment, RequestLike } from "./environment.js";
import type { ChannelConfig, HistoryPage } from "./protocol.js";

/** HTTP answers as the close codes that mean the same. */
const CODES: Record<number, number> = {
  401: 4401,
  403: 4403,
  404: 4404,
  422: 4400,
  426: 4426,
  429: 4529,
};
const LOST = 1006;

/** An answer that was not 2xx. */
export class HttpRefusal extends Error {
  /** The close code that says the same. */
  readonly code: number;

  constructor(status: number) {
    super(`the server answered ${status}`);
    this.code = CODES[status] ?? LOST;
  }
}

export interface Session {
  visitor_id: string;
  visitor_token: string;
  ws_url: string;
}

export interface SessionRequest {
  key: string;
  locale: string;
  visitor_token: string | undefined;
  page: string | undefined;
}

const REST = "/api/v1/chat";
const PAGE = 20;

export class Http {
  constructor(
    private readonly fetch: Environment["fetch"],
    private readonly origin: string,
  ) {}

  /** Opens or renews a visitor's session. */
  session(request: SessionRequest): Promise<Session> {
    const headers = { "Content-Type": "application/json" };
    return this.call("/sessions", { method: "POST", headers, body: JSON.stringify(request) });
  }

  /** The last events of a conversation, oldest first; with `before`, those before that number. */
  history(conversation: string, token = "", before?: number): Promise<HistoryPage> {
    const range = before === undefined ? "" : `&before_seq=${before}`;
    const path = `/conversations/${conversation}/events?limit=${PAGE}${range}`;
    return this.call(path, { headers: { Authorization: `Bearer ${token}` } });
  }

  config(key: string): Promise<ChannelConfig> {
    return this.call(`/config?key=${encodeURIComponent(key)}`);
  }

  /** The absolute address of the socket; the server may name it relative to itself. */
  socketUrl(url: string): string {
    return (url.startsWith("/") ? this.origin + url : url).replace(/^http/, "ws");
  }

  private async call<Body>(path: string, request?: RequestLike): Promise<Body> {
    const response = await this.fetch(this.origin + REST + path, request);
    if (!response.ok) throw new HttpRefusal(response.status);
    return response.json() as Promise<Body>;
  }
}
