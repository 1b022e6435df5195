/** The protocol as a state machine: frames and commands in, effects out. No I/O, no clock. */

import type { Entry, Outbox } from "./outbox.js";
import type { DurableEvent, ErrorData, Frame, HistoryPage, Welcome } from "./protocol.js";
import { Sequence } from "./sequence.js";

/** What the owner of the core has to do, in the given order. */
export type Effect =
  | { kind: "send"; frame: Frame }
  /** The handshake is done. */
  | { kind: "welcomed"; welcome: Welcome }
  /** Drop what is shown: another conversation, or a log that was rebuilt. */
  | { kind: "restart" }
  /** Read the last page of history over HTTP and hand it to `page`. */
  | { kind: "load" }
  /** Show this page of history; nothing in it is news. */
  | { kind: "page"; events: DurableEvent[] }
  /** These events are new to this client. */
  | { kind: "apply"; events: DurableEvent[] }
  | { kind: "signal"; frame: Frame }
  /** The server has stored this command. */
  | { kind: "stored"; entry: Entry }
  /** This command was not accepted, or never answered. */
  | { kind: "refused"; entry: Entry; error: ErrorData }
  /** Something went wrong that is about no single command. */
  | { kind: "trouble"; error: ErrorData }
  /** Call `flush` after this time: the server asked for a pause. */
  | { kind: "pause"; ms: number };

/** Facts of the greeting that do not come from the conversation. */
export interface Greeting {
  token: string;
  key: string;
  locale: string;
  tz: string;
  sdk: string;
  caps: readonly string[];
}

const PAUSE_MS = 1_000;
const TRIES_AT_MOST = 3;
/** Errors the visitor has to correct; sending the same again cannot help. */
const FOR_THE_VISITOR = new Set(["form_invalid", "form_expired"]);

export class Core {
  conversationId: string | null = null;
  epoch: string | null = null;
  private readonly sequence = new Sequence();
  private phase: "down" | "greeting" | "live" = "down";
  private loading = false;
  private paused = false;
  private syncId: string | null = null;

  constructor(
    private readonly outbox: Outbox,
    private readonly newId: () => string,
  ) {}

  /** The last applied event number, 0 before the first. */
  get seq(): number {
    return this.sequence.last ?? 0;
  }

  /** What must be answered within the ack deadline, or null; changes whenever the wait starts anew. */
  get awaited(): string | null {
    if (this.phase !== "live") return null;
    if (this.outbox.inFlight) return this.outbox.inFlight.id;
    return this.syncId ?? (this.sequence.hasHole ? `hole ${this.seq}` : null);
  }

  /** The socket is open: greet, and name the position if there is one. */
  open(greeting: Greeting): Effect[] {
    this.phase = "greeting";
    const data: Record<string, unknown> = { ...greeting };
    if (this.sequence.last !== null && this.conversationId !== null) {
      data["conversation_id"] = this.conversationId;
      data["epoch"] = this.epoch;
      data["after_seq"] = this.sequence.last;
    }
    return [{ kind: "send", frame: { type: "hello", id: this.newId(), data } }];
  }

  /** The socket is gone, with its close code. */
  close(code: number): Effect[] {
    this.phase = "down";
    this.loading = this.paused = false;
    this.syncId = null;
    const flying = this.outbox.inFlight;
    if (code === 1009 && flying) {
      this.outbox.fail(flying.id);
      return [{ kind: "refused", entry: flying, error: { code: "too_long" } }];
    }
    const entry = this.outbox.land();
    return entry ? [{ kind: "refused", entry, error: { code: "no_reply" } }] : [];
  }

  /** One frame from the server. */
  receive(frame: Frame): Effect[] {
    if (frame.type === "welcome") return this.phase === "greeting" ? this.welcome(frame) : [];
    if (frame.type === "ack") return this.ack(frame);
    if (frame.type === "error") return this.error(frame);
    if (frame.type === "ping") return [{ kind: "send", frame: this.pong() }];
    if (frame.seq !== undefined) return this.event(frame as DurableEvent);
    return [{ kind: "signal", frame }];
  }

  /** The page of history asked for by `load`. */
  page(page: HistoryPage): Effect[] {
    this.loading = false;
    this.epoch = page.epoch;
    const last = page.events[page.events.length - 1];
    const later = this.sequence.moveTo(last ? last.seq : page.top_seq);
    const shown: Effect = { kind: "page", events: page.events };
    return [shown, ...this.settleAll(page.events), ...this.apply(later)];
  }

  /** Sends the next waiting command, unless one is in flight or a pause runs. */
  flush(resume = false): Effect[] {
    if (resume) this.paused = false;
    if (this.phase !== "live" || this.paused) return [];
    const entry = this.outbox.next();
    if (!entry) return [];
    return [{ kind: "send", frame: { type: entry.type, id: entry.id, data: entry.data } }];
  }

  /** Forgets the conversation. */
  forget(): void {
    this.conversationId = this.epoch = null;
    this.sequence.forget();
  }

  private welcome(frame: Frame): Effect[] {
    const welcome = frame.data as unknown as Welcome;
    const effects: Effect[] = [{ kind: "welcomed", welcome }];
    this.phase = "live";
    if (welcome.resume !== "replayed") {
      if (this.conversationId !== null) effects.push({ kind: "restart" });
      effects.push(...this.startOver(welcome.top_seq ?? 0));
    }
    this.conversationId = welcome.conversation_id ?? null;
    this.epoch = welcome.epoch ?? null;
    return [...effects, ...this.flush()];
  }

  private startOver(topSeq: number): Effect[] {
    this.sequence.forget();
    if (topSeq > 0) return this.load();
    this.sequence.moveTo(0);
    return [];
  }

  private load(): Effect[] {
    this.loading = true;
    return [{ kind: "load" }];
  }

  private event(event: DurableEvent): Effect[] {
    return this.apply(this.sequence.take(event));
  }

  private apply(events: DurableEvent[]): Effect[] {
    const effects: Effect[] = events.length > 0 ? [{ kind: "apply", events }] : [];
    return [...effects, ...this.settleAll(events), ...this.askForMissing()];
  }

  /** An own message that comes back is stored, even if its ack was lost. */
  private settleAll(events: readonly DurableEvent[]): Effect[] {
    return events.flatMap(({ data }) => this.settle(data?.["client_id"]));
  }

  private askForMissing(): Effect[] {
    if (!this.sequence.hasHole || this.loading || this.syncId) return [];
    this.syncId = this.newId();
    const data = { after_seq: this.seq };
    return [{ kind: "send", frame: { type: "sync", id: this.syncId, data } }];
  }

  private ack(frame: Frame): Effect[] {
    if (frame.re !== undefined && frame.re === this.syncId) this.syncId = null;
    return this.settle(frame.re);
  }

  private settle(id: unknown): Effect[] {
    const entry = typeof id === "string" ? this.outbox.remove(id) : undefined;
    return entry ? [{ kind: "stored", entry }, ...this.flush()] : [];
  }

  private error(frame: Frame): Effect[] {
    if (frame.re !== undefined && frame.re === this.syncId) {
      this.syncId = null;
      this.sequence.forget();
      return [{ kind: "restart" }, ...this.load()];
    }
    const entry = this.outbox.inFlight;
    const error = frame.data as unknown as ErrorData;
    if (frame.re === undefined) return [{ kind: "trouble", error }];
    if (!entry || entry.id !== frame.re) return [];
    return this.isWorthAnotherTry(entry, error) ? this.pause(error) : this.refuse(entry, error);
  }

  private isWorthAnotherTry(entry: Entry, error: ErrorData): boolean {
    return !!error.retryable && !FOR_THE_VISITOR.has(error.code) && entry.tries < TRIES_AT_MOST;
  }

  private pause(error: ErrorData): Effect[] {
    this.outbox.land();
    this.paused = true;
    return [{ kind: "pause", ms: error.retry_after_ms ?? PAUSE_MS }];
  }

  private refuse(entry: Entry, error: ErrorData): Effect[] {
    if (entry.type === "message.send") this.outbox.fail(entry.id);
    else this.outbox.remove(entry.id);
    return [{ kind: "refused", entry, error }, ...this.flush()];
  }

  private pong(): Frame {
    return { type: "pong", data: { upto_seq: this.seq } };
  }
}
