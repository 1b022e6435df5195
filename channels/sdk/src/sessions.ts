/** Gets a visitor session and its socket address, and finds out why none can be had. */

import { type Http, HttpRefusal } from "./http.js";
import { SUBPROTOCOL } from "./protocol.js";
import { isOlder, VERSION } from "./version.js";
import type { Visitor } from "./visitor.js";

export class Sessions {
  private socketUrl: string | null = null;

  constructor(
    private readonly http: Http,
    private readonly visitor: Visitor,
    private readonly channel: { key: string; page?: string },
  ) {}

  /** The socket's address; opens a session on the first call. Rejects with `HttpRefusal`. */
  async address(locale: string): Promise<string> {
    if (this.socketUrl !== null) return this.socketUrl;
    const { key, page } = this.channel;
    const request = { key, locale, visitor_token: this.visitor.token, page };
    const session = await this.http.session(request);
    this.visitor.remember({ token: session.visitor_token });
    return (this.socketUrl = this.http.socketUrl(session.ws_url));
  }

  /** The token was refused: the next address comes with another one. */
  renew(): void {
    this.visitor.dropToken();
    this.socketUrl = null;
  }

  /** Forgets the visitor: the next address belongs to a new one. */
  forget(): void {
    this.visitor.forget();
    this.socketUrl = null;
  }

  /** Reads the configuration to learn whether trying again is pointless; null if it is not. */
  async diagnose(): Promise<number | null> {
    try {
      const { min_sdk: oldest, protocols } = await this.http.config(this.channel.key);
      const isTooOld = isOlder(VERSION, oldest ?? VERSION);
      return isTooOld || protocols?.includes(SUBPROTOCOL) === false ? 4426 : null;
    } catch (failure) {
      return failure instanceof HttpRefusal && failure.code === 4404 ? 4404 : null;
    }
  }
}
