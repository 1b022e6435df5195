/** Keeps one socket alive: connects, waits, tries again, gives up. Knows close codes, not messages. */

import { Alarms } from "./alarms.js";
import { backoffMs } from "./backoff.js";
import { verdict } from "./closes.js";
import type { Environment, SocketLike } from "./environment.js";
import { HttpRefusal } from "./http.js";
import { type Frame, parseFrame, SUBPROTOCOL } from "./protocol.js";

export type Phase = "idle" | "connecting" | "live" | "waiting" | "stopped";

/** What the link asks of its owner. */
export interface LinkOwner {
  /** The address to connect to; an `HttpRefusal` counts as its close code. */
  address(): Promise<string>;
  opened(): void;
  received(frame: Frame): void;
  /** The connection is gone. */
  closed(code: number): void;
  /** The token was refused: forget it. */
  renew(): void;
  /** Asks why nothing works; resolves to a terminal close code or null. */
  diagnose(): Promise<number | null>;
  changed(): void;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 35_000;
const PROBE_MS = 5_000;
const STABLE_MS = 10_000;
const HIDDEN_MS = 5 * 60_000;
const HANDSHAKES_BEFORE_DIAGNOSIS = 3;
const LOST = 1006;
const GIVEN_UP = 4900;

export class Link {
  phase: Phase = "idle";
  /** The close code that stopped it, or null. */
  code: number | null = null;
  online = true;
  private hiddenSince: number | null = null;
  private socket: SocketLike | null = null;
  private failures = 0;
  private failedHandshakes = 0;
  private renewed = false;
  private notBefore = 0;
  private attempts = 0;
  private readonly alarms: Alarms;

  constructor(
    private readonly environment: Environment,
    private readonly owner: LinkOwner,
  ) {
    this.alarms = new Alarms(environment.timers);
  }

  /** Connects unless it already does; a stopped link starts again. */
  start(): void {
    if (this.phase !== "idle" && this.phase !== "stopped") return;
    this.failures = this.failedHandshakes = 0;
    this.renewed = false;
    this.code = null;
    this.attempt();
  }

  /** Ends for good; with a code it is a refusal, without one the owner's wish. */
  stop(code: number | null = null): void {
    this.hangUp();
    this.alarms.clearAll();
    this.code = code;
    this.enter(code === null ? "idle" : "stopped");
  }

  send(frame: Frame): void {
    this.socket?.send(JSON.stringify(frame));
  }

  /** The visitor did something: do not keep them waiting for the back-off. */
  nudge(): void {
    if (this.phase === "waiting" && this.online && this.environment.now() >= this.notBefore) {
      this.attempt();
    }
  }

  setOnline(online: boolean): void {
    if (online === this.online) return;
    this.online = online;
    if (online) this.wake();
    this.owner.changed();
  }

  setVisible(visible: boolean): void {
    if (!visible) this.hiddenSince ??= this.environment.now();
    else if (this.hiddenSince !== null) {
      this.hiddenSince = null;
      this.wake();
    }
  }

  /** The handshake is done. */
  welcomed(): void {
    this.alarms.clear("connect");
    this.failedHandshakes = 0;
    this.alarms.set("stable", STABLE_MS, () => {
      this.failures = 0;
      this.renewed = false;
    });
    this.enter("live");
  }

  /** The other side does not answer: hang up and come back. */
  giveUp(): void {
    this.down(LOST);
  }

  private wake(): void {
    if (this.phase === "live") this.probe();
    else this.nudge();
  }

  /** Timers sleep in background tabs, so ask whether the line is still there. */
  private probe(): void {
    this.send({ type: "ping" });
    this.alarms.set("probe", PROBE_MS, () => this.giveUp());
  }

  private attempt(): void {
    this.alarms.clear("retry");
    if (this.isPaused()) return this.enter("waiting");
    const attempt = ++this.attempts;
    this.enter("connecting");
    this.alarms.set("connect", CONNECT_MS, () => this.giveUp());
    this.owner.address().then(
      (url) => attempt === this.attempts && this.connect(url),
      (failure: unknown) => attempt === this.attempts && this.down(codeOf(failure)),
    );
  }

  private isPaused(): boolean {
    const hidden = this.hiddenSince;
    return !this.online || (hidden !== null && this.environment.now() - hidden >= HIDDEN_MS);
  }

  private connect(url: string): void {
    let socket: SocketLike;
    try {
      socket = new this.environment.WebSocket(url, [SUBPROTOCOL]);
    } catch {
      return this.down(LOST);
    }
    this.socket = socket;
    socket.onopen = () => this.owner.opened();
    socket.onmessage = (event) => this.take(event.data);
    socket.onclose = (event) => this.down(event.code);
  }

  private take(text: unknown): void {
    this.alarms.clear("probe");
    this.alarms.set("silence", SILENCE_MS, () => this.giveUp());
    const frame = parseFrame(text);
    if (frame) this.owner.received(frame);
  }

  private down(code: number): void {
    const shookHands = this.phase === "live";
    this.hangUp();
    this.alarms.clearAll();
    this.owner.closed(code);
    if (!shookHands) this.failedHandshakes += 1;
    this.decide(code);
  }

  private decide(code: number): void {
    const next = verdict(code);
    if (next.action === "stop") return this.stop(code);
    if (next.action === "renew") return this.renew(code);
    if (next.action === "rest") return this.enter("waiting");
    if (next.action === "reconnect") this.waitThenRetry(next.minimumMs, next.spreadMs);
    else this.waitThenRetry();
    this.diagnoseIfHopeless();
  }

  private renew(code: number): void {
    if (this.renewed) return this.stop(code);
    this.renewed = true;
    this.owner.renew();
    this.attempt();
  }

  private waitThenRetry(minimumMs = 0, spreadMs?: number): void {
    const random = this.environment.random();
    const delay =
      spreadMs === undefined
        ? Math.max(minimumMs, backoffMs(this.failures, random))
        : minimumMs + random * spreadMs;
    this.failures += 1;
    this.notBefore = this.environment.now() + minimumMs;
    this.alarms.set("retry", delay, () => this.attempt());
    this.enter("waiting");
  }

  private diagnoseIfHopeless(): void {
    if (this.failedHandshakes < HANDSHAKES_BEFORE_DIAGNOSIS) return;
    this.failedHandshakes = 0;
    void this.owner.diagnose().then((code) => {
      if (code !== null && this.phase !== "live") this.stop(code);
    });
  }

  private hangUp(): void {
    this.attempts += 1;
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(GIVEN_UP);
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.owner.changed();
  }
}

function codeOf(failure: unknown): number {
  return failure instanceof HttpRefusal ? failure.code : LOST;
}
