/** Carries out what the core decides: socket, storage, timers, transcript. Not for the public. */

import { Alarms } from "./alarms.js";
import type { ClientEvents, ClientOptions } from "./client.js";
import { Core, type Effect } from "./core.js";
import { Emitter } from "./emitter.js";
import { type Environment, hostEnvironment } from "./environment.js";
import { Http } from "./http.js";
import { RANDOM_BYTES, ulid } from "./ids.js";
import { Link, type LinkOwner } from "./link.js";
import { type Entry, Outbox } from "./outbox.js";
import {
  CAPABILITIES,
  type DurableEvent,
  type ErrorData,
  type Frame,
  type MessageData,
  type Welcome,
} from "./protocol.js";
import { Sessions } from "./sessions.js";
import { SafeStorage, StoredEntries } from "./storage.js";
import { Transcript } from "./transcript.js";
import { VERSION } from "./version.js";
import { Visitor } from "./visitor.js";

const ACK_MS = 10_000;
const TYPING_MS = 6_000;

export class Driver {
  readonly events = new Emitter<ClientEvents>();
  readonly http: Http;
  readonly link: Link;
  readonly visitor: Visitor;
  outbox!: Outbox;
  core!: Core;
  transcript!: Transcript;
  locale: string;
  typing = false;
  reachedStart = true;
  private readonly environment: Environment;
  private readonly storage: SafeStorage;
  private readonly alarms: Alarms;
  private readonly sessions: Sessions;
  private awaited: string | null = null;

  constructor(private readonly options: ClientOptions) {
    this.environment = { ...hostEnvironment(), ...options.environment };
    this.locale = options.locale ?? "zh-CN";
    this.storage = new SafeStorage(this.environment.storage, `csb:${options.key}`);
    this.http = new Http(this.environment.fetch, options.origin);
    this.alarms = new Alarms(this.environment.timers);
    this.visitor = new Visitor(this.storage);
    this.sessions = new Sessions(this.http, this.visitor, options);
    this.link = new Link(this.environment, this.owner());
    this.begin();
  }

  /** Disconnects and forgets nothing. */
  stop(): void {
    this.link.stop();
    this.closed(1000);
    this.alarms.clearAll();
  }

  /** Disconnects and forgets everything. */
  reset(): void {
    this.stop();
    for (const entry of [...this.outbox.entries]) this.outbox.remove(entry.id);
    this.sessions.forget();
    this.begin();
    this.changed();
  }

  /** Gives a command; returns its id. */
  command(type: string, data: Record<string, unknown>, sensitive = false): string {
    const at = this.environment.now();
    const entry: Entry = { id: this.newId(), type, data, at, tries: 0 };
    if (sensitive) entry.sensitive = true;
    this.outbox.add(entry);
    this.transcript.show(entry);
    this.hurry();
    return entry.id;
  }

  /** The visitor did something: show it, connect and send now. */
  hurry(): void {
    this.link.nudge();
    this.run(this.core.flush());
    this.changed();
  }

  /** Puts the page before the first shown message in front of it. */
  async loadEarlier(): Promise<void> {
    const first = this.transcript.items.find((item) => item.seq !== null)?.seq;
    const conversation = this.core.conversationId;
    if (this.reachedStart || !first || !conversation) return;
    const page = await this.http.history(conversation, this.visitor.token, first);
    if (conversation !== this.core.conversationId) return;
    this.transcript.prepend(page.events);
    this.reachedStart = reachesStart(page.events);
    this.changed();
  }

  changed(): void {
    this.events.emit("change", undefined);
  }

  /** What the link may ask of this client. */
  private owner(): LinkOwner {
    return {
      address: () => this.sessions.address(this.locale),
      diagnose: () => this.sessions.diagnose(),
      opened: () => this.greet(),
      received: (frame) => this.run(this.core.receive(frame)),
      closed: (code) => this.closed(code),
      renew: () => this.renew(),
      changed: () => this.changed(),
    };
  }

  private greet(): void {
    const token = this.visitor.token ?? "";
    const tz = this.environment.timeZone();
    const { key } = this.options;
    const sdk = `web/${VERSION}`;
    this.run(this.core.open({ token, key, locale: this.locale, tz, sdk, caps: CAPABILITIES }));
  }

  private closed(code: number): void {
    this.alarms.clear("pause");
    this.setTyping(false);
    this.run(this.core.close(code));
  }

  private renew(): void {
    this.sessions.renew();
    this.core.forget();
    this.transcript.restart();
  }

  private begin(): void {
    const entries = new StoredEntries(this.storage, ":outbox");
    this.outbox = new Outbox(entries, this.environment.now());
    this.core = new Core(this.outbox, () => this.newId());
    this.transcript = new Transcript();
    for (const entry of this.outbox.entries) this.transcript.show(entry);
  }

  private newId(): string {
    return ulid(this.environment.now(), this.environment.randomBytes(RANDOM_BYTES));
  }

  private run(effects: Effect[]): void {
    for (const effect of effects) this.perform(effect);
    this.watchAck();
    if (effects.length > 0) this.changed();
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        return this.link.send(effect.frame);
      case "welcomed":
        return this.welcomed(effect.welcome);
      case "restart":
        return this.transcript.restart();
      case "load":
        return void this.loadLastPage();
      case "page":
        return this.transcript.apply(effect.events);
      case "apply":
        return this.apply(effect.events);
      case "signal":
        return this.signal(effect.frame);
      case "stored":
        return this.transcript.mark(effect.entry.id, "stored");
      case "refused":
        return this.refused(effect.entry, effect.error);
      case "trouble":
        return this.events.emit("trouble", effect.error);
      case "pause":
        return this.alarms.set("pause", effect.ms, () => this.run(this.core.flush(true)));
    }
  }

  private welcomed({ conversation_id: id, top_seq: topSeq }: Welcome): void {
    if (id) this.visitor.enterConversation(id, topSeq ?? 0);
    this.link.welcomed();
  }

  private async loadLastPage(): Promise<void> {
    const conversation = this.core.conversationId ?? "";
    try {
      const page = await this.http.history(conversation, this.visitor.token);
      if (conversation !== this.core.conversationId) return;
      this.reachedStart = reachesStart(page.events);
      this.run(this.core.page(page));
    } catch {
      this.link.giveUp();
    }
  }

  private apply(events: readonly DurableEvent[]): void {
    this.transcript.apply(events);
    for (const { type, data } of events) {
      if (type !== "message") continue;
      const message = data as unknown as MessageData;
      if (message.sender.role === "visitor") continue;
      this.setTyping(false);
      if (message.blocks.length > 0) this.events.emit("message", message);
    }
  }

  private signal(frame: Frame): void {
    if (frame.type === "typing") this.setTyping(frame.data?.["on"] === true);
  }

  private setTyping(on: boolean): void {
    this.typing = on;
    this.alarms.clear("typing");
    if (on) this.alarms.set("typing", TYPING_MS, () => this.setTyping(false));
    this.changed();
  }

  private refused(entry: Entry, error: ErrorData): void {
    this.transcript.mark(entry.id, "failed");
    this.events.emit("refused", { entry, error });
  }

  private watchAck(): void {
    if (this.core.awaited === this.awaited) return;
    this.awaited = this.core.awaited;
    if (this.awaited === null) this.alarms.clear("ack");
    else this.alarms.set("ack", ACK_MS, () => this.link.giveUp());
  }
}

function reachesStart(events: readonly DurableEvent[]): boolean {
  const first = events[0];
  return first === undefined || first.seq <= 1;
}
