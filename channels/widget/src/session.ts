/** The chat behind the panel: the SDK client plus what only this browser knows. Draws nothing. */

import { ChatClient, type Entry, type ErrorData, OutboxFull } from "@cs-bot/sdk";
import type { Answer, ChannelConfig, FormBlock, Item, MessageData, Phase } from "@cs-bot/sdk";
import type { Host, Locale } from "./host.js";
import { type Key, Words } from "./i18n.js";
import { Keep } from "./keep.js";

const RATINGS_KEPT = 50;
/** Characters of a page address that the server takes. */
const ADDRESS_AT_MOST = 2_048;

export type Rating = 1 | -1;

/** What the panel wants to hear. */
export interface SessionListener {
  changed(): void;
  /** The channel's configuration is there. */
  configured(): void;
  arrived(message: MessageData): void;
}

export class ChatSession {
  readonly client: ChatClient;
  words: Words;
  config: ChannelConfig | null = null;
  /** A short sentence about the last thing that did not work, or null. */
  problem: Key | null = null;
  /** Errors of open forms, by message and field. */
  readonly formErrors = new Map<string, Record<string, string>>();
  private readonly reasons = new Map<string, string>();
  private readonly ratings: Map<string, Rating>;
  private readonly keep: Keep;
  private readonly ended = new AbortController();
  private earlier: Promise<void> | null = null;
  private isReadingConfig = false;
  private phase: Phase = "idle";

  constructor(
    readonly host: Host,
    private readonly listener: SessionListener,
  ) {
    const { key, origin, locale } = host;
    this.keep = new Keep(key);
    this.words = new Words(locale);
    this.ratings = new Map(this.keep.readList<[string, Rating]>("ratings"));
    const page = (location.origin + location.pathname).slice(0, ADDRESS_AT_MOST);
    this.client = new ChatClient({ key, origin, locale: this.words.tag, page });
    this.client.on("change", () => this.clientChanged());
    this.client.on("message", (message) => listener.arrived(message));
    this.client.on("trouble", () => this.report("no_answer"));
    this.client.on("refused", ({ entry, error }) => this.refused(entry, error));
    this.watchBrowser();
  }

  get draft(): string {
    return this.keep.read("draft") ?? "";
  }

  set draft(text: string) {
    this.keep.write("draft", text);
  }

  /** Connects unless that has been refused; the visitor may then ask for it in the bar. */
  start(): void {
    if (this.client.status.phase === "idle") this.client.start();
    void this.readConfig();
  }

  /** Says something; false if it could not be taken. */
  send(text: string): boolean {
    return this.attempt(() => this.client.send(text));
  }

  press(messageId: string, buttonId: string): void {
    this.attempt(() => this.client.press(messageId, buttonId));
  }

  pick(messageId: string, itemId: string | null): void {
    this.attempt(() => this.client.pick(messageId, itemId));
  }

  submitForm(messageId: string, form: FormBlock, values: Record<string, string>): void {
    const sensitive = form.fields.some((field) => field.sensitive);
    this.formErrors.delete(messageId);
    this.attempt(() => this.client.submitForm(messageId, form.form_id, values, sensitive));
  }

  showFormErrors(messageId: string, errors: Record<string, string>): void {
    this.formErrors.set(messageId, errors);
    this.listener.changed();
  }

  /** Rates an answer; the same thumb again takes it back. */
  rate(answer: Answer, rating: Rating): void {
    const before = this.ratings.get(answer.answer_id);
    const value = before === rating ? 0 : rating;
    if (!this.attempt(() => this.client.rate(answer.answer_id, value))) return;
    this.remember(answer.answer_id, value);
  }

  ratingOf(answer: Answer): Rating | undefined {
    return this.ratings.get(answer.answer_id);
  }

  /** Why a message was not sent. */
  reasonOf(item: Item): Key {
    const key = `failed_${this.reasons.get(item.key) ?? ""}`;
    return this.words.has(key) ? key : "failed";
  }

  /** The assistant's name in the reader's language; `given` is the name in a message. */
  botName(given?: string): string {
    const named = this.config?.name;
    return named?.[this.words.locale] ?? given ?? this.words.t("sender_bot");
  }

  /** Reads older messages; only one page at a time. */
  async loadEarlier(): Promise<void> {
    this.earlier ??= this.client
      .loadEarlier()
      .catch(() => this.report("earlier_failed"))
      .finally(() => {
        this.earlier = null;
      });
    await this.earlier;
  }

  /** The visitor chose a language; it is kept. */
  chooseLocale(locale: Locale): void {
    this.keep.write("locale", locale);
    this.setLocale(locale);
  }

  setLocale(locale: Locale): void {
    this.words = new Words(locale);
    this.client.setLocale(this.words.tag);
    this.host.showLocale(locale);
    this.listener.changed();
  }

  /** Forgets the visitor and everything kept about them. */
  reset(): void {
    for (const name of ["draft", "ratings", "locale"]) this.keep.write(name, null);
    this.ratings.clear();
    this.formErrors.clear();
    this.problem = null;
    this.client.reset();
  }

  destroy(): void {
    this.ended.abort();
    this.client.stop();
  }

  /** Reads the channel's configuration, again with every connection until it is there. */
  private async readConfig(): Promise<void> {
    if (this.config || this.isReadingConfig) return;
    this.isReadingConfig = true;
    try {
      this.config = await this.client.config();
      this.listener.configured();
      this.listener.changed();
    } catch {
      // Without it the chat works in its default look; the connection says what is wrong.
    } finally {
      this.isReadingConfig = false;
    }
  }

  /** A new connection is a good moment to read what could not be read before. */
  private clientChanged(): void {
    const { phase } = this.client.status;
    if (phase === "live" && this.phase !== "live") void this.readConfig();
    this.phase = phase;
    this.listener.changed();
  }

  private attempt(command: () => unknown): boolean {
    this.problem = null;
    try {
      command();
      return true;
    } catch (failure) {
      if (!(failure instanceof OutboxFull)) throw failure;
      this.report("outbox_full");
      return false;
    }
  }

  private report(problem: Key): void {
    this.problem = problem;
    this.listener.changed();
  }

  private refused(entry: Entry, error: ErrorData): void {
    const messageId = String(entry.data["message_id"]);
    this.host.emit("error", { code: error.code, message: error.message });
    if (entry.type === "message.send") this.reasons.set(entry.id, error.code);
    else if (error.fields) this.formErrors.set(messageId, error.fields);
    else this.report(error.code === "conflict" ? "action_conflict" : "action_failed");
    if (entry.type === "feedback") this.remember(String(entry.data["answer_id"]), 0);
    this.listener.changed();
  }

  private remember(answerId: string, value: Rating | 0): void {
    this.ratings.delete(answerId);
    if (value !== 0) this.ratings.set(answerId, value);
    const latest = [...this.ratings].slice(-RATINGS_KEPT);
    this.keep.write("ratings", latest.length > 0 ? JSON.stringify(latest) : null);
    this.listener.changed();
  }

  private watchBrowser(): void {
    const { signal } = this.ended;
    const { client } = this;
    client.setOnline(navigator.onLine);
    window.addEventListener("online", () => client.setOnline(true), { signal });
    window.addEventListener("offline", () => client.setOnline(false), { signal });
    const turned = () => {
      client.setVisible(!document.hidden);
      this.listener.changed();
    };
    document.addEventListener("visibilitychange", turned, { signal });
  }
}
