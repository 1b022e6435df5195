/** The public face: one visitor's chat on one channel. Wires core, link, storage and HTTP together. */

import { Alarms } from "./alarms.js";
import { Core, type Effect } from "./core.js";
import { Emitter } from "./emitter.js";
import { type Environment, hostEnvironment } from "./environment.js";
import { Http } from "./http.js";
import { RANDOM_BYTES, ulid } from "./ids.js";
import { Link, type LinkOwner, type Phase } from "./link.js";
import { type Entry, Outbox } from "./outbox.js";
import {
  CAPABILITIES,
  type ChannelConfig,
  type DurableEvent,
  type ErrorData,
  type Frame,
  type MessageData,
} from "./protocol.js";
import { Sessions } from "./sessions.js";
import { SafeStorage, StoredEntries } from "./storage.js";
import { type Item, Transcript } from "./transcript.js";
import { VERSION } from "./version.js";
import { Visitor } from "./visitor.js";

export interface ClientOptions {
  /** The channel's public key. */
  key: string;
  /** Scheme, host and port of the server, without a trailing slash. */
  origin: string;
  locale?: string;
  /** Address of the page the visitor is on, sent once when a session starts. */
  page?: string;
  /** Replaces parts of the host, as in tests or mini-programs. */
  environment?: Partial<Environment>;
}

export interface ClientEvents {
  /** Anything that can be seen changed. */
  change: undefined;
  /** Somebody else wrote while this client was connected. */
  message: MessageData;
  /** A command was not accepted, or never answered. */
  refused: { entry: Entry; error: ErrorData };
  /** Something went wrong that is about no single command, such as an answer that failed. */
  trouble: ErrorData;
}

export interface Status {
  phase: Phase;
  online: boolean;
  /** The close code that stopped the client, or null. */
  code: number | null;
}

const ACK_MS = 10_000;
const TYPING_MS = 6_000;

export class ChatClient {
  locale: string;
  /** Whether somebody on the other side is writing. */
  typing = false;
  /** False while older messages may exist that are not loaded. */
  reachedStart = true;
  private readonly environment: Environment;
  private readonly storage: SafeStorage;
  private readonly http: Http;
  private readonly alarms: Alarms;
  private readonly link: Link;
  private readonly visitor: Visitor;
  private readonly sessions: Sessions;
  private readonly events = new Emitter<ClientEvents>();
  private outbox!: Outbox;
  private core!: Core;
  private transcript!: Transcript;
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

  readonly on = this.events.on.bind(this.events);

  get status(): Status {
    return { phase: this.link.phase, online: this.link.online, code: this.link.code };
  }

  /** What to show, oldest first. */
  get items(): readonly Item[] {
    return this.transcript.items;
  }

  /** How many messages of others came after the last read one. */
  get unread(): number {
    const read = this.visitor.readSeq ?? Infinity;
    const isNew = (item: Item) => item.sender.role !== "visitor" && (item.seq ?? 0) > read;
    return this.items.filter(isNew).length;
  }

  /** True if this visitor has talked before, or has something waiting to be sent. */
  get hasConversation(): boolean {
    return this.visitor.hasConversation || this.outbox.entries.length > 0;
  }

  /** Connects, and stays connected until `stop`. */
  start(): void {
    this.link.start();
  }

  stop(): void {
    this.link.stop();
    this.alarms.clearAll();
  }

  /** Leaves as on log-out: wipes token, outbox and transcript from memory and storage. */
  reset(): void {
    this.stop();
    for (const entry of [...this.outbox.entries]) this.outbox.remove(entry.id);
    this.sessions.forget();
    this.begin();
    this.changed();
  }

  /** Says something. Returns its id; throws `OutboxFull` when twenty messages wait. */
  send(text: string): string {
    return this.command("message.send", { text });
  }

  /** Presses a button. */
  press(messageId: string, buttonId: string): string {
    return this.command("action", { message_id: messageId, button_id: buttonId });
  }

  /** Picks a did-you-mean item, or null for none of them. */
  pick(messageId: string, itemId: string | null): string {
    return this.command("action", { message_id: messageId, item_id: itemId });
  }

  /** Sends a form. Forms with sensitive values are never written to storage. */
  submitForm(
    messageId: string,
    formId: string,
    values: Record<string, unknown>,
    sensitive = false,
  ): string {
    const data = { message_id: messageId, form_id: formId, values };
    return this.command("form.submit", data, sensitive);
  }

  /** Rates an answer: 1 helpful, -1 not, 0 takes it back. */
  rate(answerId: string, value: 1 | 0 | -1): string {
    return this.command("feedback", { answer_id: answerId, value });
  }

  /** Sends a failed message again, under its old id. */
  retry(id: string): void {
    if (!this.outbox.retry(id)) return;
    this.transcript.mark(id, "sending");
    this.hurry();
  }

  /** Gives up a message that was not sent. */
  discard(id: string): void {
    this.outbox.remove(id);
    this.transcript.remove(id);
    this.changed();
  }

  /** The command that waits for an answer about this message, if any. */
  waiting(messageId: string): Entry | undefined {
    return this.outbox.entries.find((entry) => entry.data["message_id"] === messageId);
  }

  /** Puts the page of messages before the shown ones in front of them. */
  async loadEarlier(): Promise<void> {
    const first = this.items.find((item) => item.seq !== null)?.seq;
    const conversation = this.core.conversationId;
    if (this.reachedStart || !first || !conversation) return;
    const page = await this.http.history(conversation, this.visitor.token, first);
    if (conversation !== this.core.conversationId) return;
    this.transcript.prepend(page.events);
    this.reachedStart = reachesStart(page.events);
    this.changed();
  }

  /** Everything shown so far has been seen. */
  markRead(): void {
    if ((this.visitor.readSeq ?? -1) >= this.core.seq || this.core.seq === 0) return;
    this.visitor.remember({ read_seq: this.core.seq });
    this.changed();
  }

  /** The public configuration of the channel. */
  config(): Promise<ChannelConfig> {
    return this.http.config(this.options.key);
  }

  /** The host's network came or went. */
  setOnline(online: boolean): void {
    this.link.setOnline(online);
  }

  /** The page came to the front or went to the back. */
  setVisible(visible: boolean): void {
    this.link.setVisible(visible);
  }

  /** Speaks another language from now on; a live connection greets anew to say so. */
  setLocale(locale: string): void {
    this.locale = locale;
    if (this.link.phase !== "live") return;
    this.link.giveUp();
    this.link.nudge();
  }

  /** The visitor asks to connect now. */
  reconnect(): void {
    this.link.start();
    this.link.nudge();
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
    this.sessions.forget();
    this.core.forget();
    this.transcript.restart();
  }

  private changed(): void {
    this.events.emit("change", undefined);
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

  private command(type: string, data: Record<string, unknown>, sensitive = false): string {
    const at = this.environment.now();
    const entry: Entry = { id: this.newId(), type, data, at, tries: 0 };
    if (sensitive) entry.sensitive = true;
    this.outbox.add(entry);
    this.transcript.show(entry);
    this.hurry();
    return entry.id;
  }

  private hurry(): void {
    this.link.nudge();
    this.run(this.core.flush());
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
        return this.welcomed(effect.welcome.conversation_id);
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

  private welcomed(conversation: string | null | undefined): void {
    if (conversation) this.visitor.enterConversation(conversation);
    this.link.welcomed();
  }

  private async loadLastPage(): Promise<void> {
    const conversation = this.core.conversationId ?? "";
    try {
      const page = await this.http.history(conversation, this.visitor.token);
      if (conversation !== this.core.conversationId) return;
      this.reachedStart = reachesStart(page.events);
      this.run(this.core.page(page));
      if (this.visitor.readSeq === undefined) this.markRead();
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
      this.events.emit("message", message);
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
