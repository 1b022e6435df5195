/** The public face: one visitor's chat on one channel. */

import { Driver } from "./driver.js";
import type { Environment } from "./environment.js";
import type { Phase } from "./link.js";
import type { Entry } from "./outbox.js";
import type { ChannelConfig, ErrorData, MessageData } from "./protocol.js";
import type { Item } from "./transcript.js";

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

export class ChatClient {
  private readonly driver: Driver;

  constructor(private readonly options: ClientOptions) {
    this.driver = new Driver(options);
  }

  /** Adds a listener and returns the function that removes it. */
  on<Name extends keyof ClientEvents>(
    name: Name,
    listener: (payload: ClientEvents[Name]) => void,
  ): () => void {
    return this.driver.events.on(name, listener);
  }

  get status(): Status {
    const { phase, online, code } = this.driver.link;
    return { phase, online, code };
  }

  /** What to show, oldest first. */
  get items(): readonly Item[] {
    return this.driver.transcript.items;
  }

  /** Whether somebody on the other side is writing. */
  get typing(): boolean {
    return this.driver.typing;
  }

  /** False while older messages may exist that are not loaded. */
  get reachedStart(): boolean {
    return this.driver.reachedStart;
  }

  /** How many messages of others came after the last read one. */
  get unread(): number {
    const read = this.driver.visitor.readSeq;
    const isNew = (item: Item) => item.sender.role !== "visitor" && (item.seq ?? 0) > read;
    return this.items.filter(isNew).length;
  }

  /** True if this visitor has talked before, or has something waiting to be sent. */
  get hasConversation(): boolean {
    return this.driver.visitor.hasConversation || this.driver.outbox.entries.length > 0;
  }

  /** Connects, and stays connected until `stop`. */
  start(): void {
    this.driver.link.start();
  }

  stop(): void {
    this.driver.stop();
  }

  /** Leaves as on log-out: wipes token, outbox and transcript from memory and storage. */
  reset(): void {
    this.driver.reset();
  }

  /** Says something. Returns its id; throws `OutboxFull` when twenty messages wait. */
  send(text: string): string {
    return this.driver.command("message.send", { text });
  }

  /** Presses a button. */
  press(messageId: string, buttonId: string): string {
    return this.driver.command("action", { message_id: messageId, button_id: buttonId });
  }

  /** Picks a did-you-mean item, or null for none of them. */
  pick(messageId: string, itemId: string | null): string {
    return this.driver.command("action", { message_id: messageId, item_id: itemId });
  }

  /** Sends a form. Forms with sensitive values are never written to storage. */
  submitForm(
    messageId: string,
    formId: string,
    values: Record<string, unknown>,
    sensitive = false,
  ): string {
    const data = { message_id: messageId, form_id: formId, values };
    return this.driver.command("form.submit", data, sensitive);
  }

  /** Rates an answer: 1 helpful, -1 not, 0 takes it back. */
  rate(answerId: string, value: 1 | 0 | -1): string {
    return this.driver.command("feedback", { answer_id: answerId, value });
  }

  /** Sends a failed message again, under its old id. */
  retry(id: string): void {
    if (!this.driver.outbox.retry(id)) return;
    this.driver.transcript.mark(id, "sending");
    this.driver.hurry();
  }

  /** Gives up a message that was not sent. */
  discard(id: string): void {
    this.driver.outbox.remove(id);
    this.driver.transcript.remove(id);
    this.driver.changed();
  }

  /** The command that waits for an answer about this message, if any. */
  waiting(messageId: string): Entry | undefined {
    return this.driver.outbox.entries.find((entry) => entry.data["message_id"] === messageId);
  }

  /** Puts the page of messages before the shown ones in front of them. */
  loadEarlier(): Promise<void> {
    return this.driver.loadEarlier();
  }

  /** Everything shown so far has been seen. */
  markRead(): void {
    const { core, visitor } = this.driver;
    if (visitor.readSeq >= core.seq) return;
    visitor.remember({ read_seq: core.seq });
    this.driver.changed();
  }

  /** The public configuration of the channel. */
  config(): Promise<ChannelConfig> {
    return this.driver.http.config(this.options.key);
  }

  /** The host's network came or went. */
  setOnline(online: boolean): void {
    this.driver.link.setOnline(online);
  }

  /** The page came to the front or went to the back. */
  setVisible(visible: boolean): void {
    this.driver.link.setVisible(visible);
  }

  /** Speaks another language from now on; a live connection greets anew to say so. */
  setLocale(locale: string): void {
    this.driver.locale = locale;
    if (this.driver.link.phase !== "live") return;
    this.driver.link.giveUp();
    this.driver.link.nudge();
  }

  /** The visitor asks to connect now. */
  reconnect(): void {
    this.driver.link.start();
    this.driver.link.nudge();
  }
}
