/** A server in the page: answers HTTP and the socket as the real one would, when told to. */

import type { Frame } from "@cs-bot/sdk";
import { vi } from "vitest";
import type { Host, Locale, Panel } from "../src/host.js";
import { mount } from "../src/mount.js";

const CONFIG = {
  key: "web_demo",
  name: { zh: "小助手", en: "Assistant" },
  greeting: { zh: "您好", en: "Hello" },
  quick_questions: { zh: ["怎么退货"], en: ["Can I return this?"] },
  protocols: ["csbot.v1"],
  limits: { text: 100 },
};

class FakeSocket {
  static newest: FakeSocket | null = null;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: Frame[] = [];

  constructor() {
    FakeSocket.newest = this;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Frame);
  }

  close(): void {
    this.onclose = null;
  }
}

/** A mounted panel with its server. */
export class Stage {
  readonly element = document.createElement("div");
  readonly emitted: [string, unknown][] = [];
  readonly host: Host;
  readonly panel: Panel;
  closed = 0;
  unread = 0;
  private seq = 0;

  constructor(locale: Locale = "zh") {
    localStorage.clear();
    vi.stubGlobal("WebSocket", FakeSocket);
    vi.stubGlobal("fetch", (url: string) => Promise.resolve(answer(url)));
    document.body.replaceChildren(this.element);
    this.host = {
      element: this.element,
      root: this.element.attachShadow({ mode: "open" }),
      key: "web_demo",
      origin: "http://bot.test",
      mode: "float",
      locale,
      open: () => this.panel.open(true),
      close: () => void (this.closed += 1),
      showUnread: (count) => void (this.unread = count),
      showLocale: () => undefined,
      emit: (name, detail) => void this.emitted.push([name, detail]),
    };
    this.panel = mount(this.host);
  }

  get root(): ShadowRoot {
    const root = this.host.root.querySelector("csb-panel")?.shadowRoot;
    if (!root) throw new Error("the panel is not mounted");
    return root;
  }

  get socket(): FakeSocket {
    if (!FakeSocket.newest) throw new Error("the panel has not connected");
    return FakeSocket.newest;
  }

  /** Opens the panel and completes the handshake. */
  async live(): Promise<this> {
    this.panel.open(true);
    await this.settle();
    this.socket.onopen?.();
    const data = { conversation_id: "c1", epoch: "e1", top_seq: 0, resume: "fresh" };
    this.say({ type: "welcome", data });
    await this.settle();
    return this;
  }

  say(frame: Frame): void {
    this.socket.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The assistant says something made of these blocks. */
  async answer(blocks: object[], more: object = {}): Promise<string> {
    const message_id = `m${++this.seq}`;
    const data = { message_id, sender: { role: "bot" }, blocks, ...more };
    this.say({ type: "message", seq: this.seq, ts: Date.now(), data });
    await this.settle();
    return message_id;
  }

  async update(message_id: string, blocks: object[]): Promise<void> {
    this.say({ type: "message.update", seq: ++this.seq, data: { message_id, blocks } });
    await this.settle();
  }

  async drop(code: number): Promise<void> {
    this.socket.onclose?.({ code });
    await this.settle();
  }

  /** The last frame of this type that was sent. */
  sent(type: string): Frame | undefined {
    return this.socket.sent.filter((frame) => frame.type === type).pop();
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 20; round++) await Promise.resolve();
  }

  all<Type extends Element = HTMLElement>(selector: string): Type[] {
    return [...this.root.querySelectorAll<Type>(selector)];
  }

  one<Type extends Element = HTMLElement>(selector: string): Type {
    const found = this.root.querySelector<Type>(selector);
    if (!found) throw new Error(`there is no ${selector}`);
    return found;
  }

  async click(selector: string): Promise<void> {
    this.one(selector).click();
    await this.settle();
  }

  /** Types into the composer and presses a key. */
  async type(text: string, key: KeyboardEventInit = { key: "Enter" }): Promise<KeyboardEvent> {
    const field = this.one<HTMLTextAreaElement>("csb-composer textarea");
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...key });
    field.dispatchEvent(event);
    await this.settle();
    return event;
  }
}

function answer(url: string): { ok: boolean; status: number; json(): Promise<unknown> } {
  const session = { visitor_id: "v1", visitor_token: "t1", ws_url: "/api/v1/chat/ws" };
  const body = url.includes("/config") ? CONFIG : session;
  return { ok: true, status: 200, json: () => Promise.resolve(body) };
}

/** Words as a reader sees them. */
export function wordsOf(element: Element): string {
  return (element.textContent ?? "").replace(/\s+/g, " ").trim();
}
