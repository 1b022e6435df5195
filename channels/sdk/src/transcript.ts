/** What the visitor sees: messages folded from events, with own messages shown before they are stored. */

import type { Entry } from "./outbox.js";
import type { Answer, Block, DurableEvent, MessageData } from "./protocol.js";

/** One message. Items are replaced, never changed, so identity tells what to draw again. */
export interface Item {
  /** Stable from the first optimistic showing on. */
  key: string;
  /** Null while the server has not stored it. */
  messageId: string | null;
  seq: number | null;
  /** Epoch milliseconds. */
  at: number;
  sender: { role: string; name?: string };
  blocks: readonly Block[];
  delivery: "sending" | "stored" | "failed";
  answer?: Answer | undefined;
  lang?: string | undefined;
}

interface Update {
  message_id: string;
  blocks: Block[];
}

export class Transcript {
  items: readonly Item[] = [];
  /** The latest update of each message; its own event may be on a page not read yet. */
  private readonly updates = new Map<string, DurableEvent>();

  /** Applies events that come after all shown ones. */
  apply(events: readonly DurableEvent[]): void {
    for (const event of events) {
      if (event.type === "message") this.add(itemFrom(event));
      else if (event.type === "message.update") this.update(event);
    }
  }

  /** Puts an older page in front. */
  prepend(events: readonly DurableEvent[]): void {
    const later = this.items;
    this.items = [];
    this.apply(events);
    const known = new Set(this.items.map((item) => item.key));
    this.items = [...this.items, ...later.filter((item) => !known.has(item.key))];
  }

  /** Shows an own message that waits in the outbox. */
  show(entry: Entry): void {
    if (entry.type !== "message.send") return;
    this.add({
      key: entry.id,
      messageId: null,
      seq: null,
      at: entry.at,
      sender: { role: "visitor" },
      blocks: [{ kind: "text", text: String(entry.data["text"]) }],
      delivery: entry.failed ? "failed" : "sending",
    });
  }

  /** Changes how far an own message has come. */
  mark(key: string, delivery: Item["delivery"]): void {
    this.items = this.items.map((item) => (item.key === key ? { ...item, delivery } : item));
  }

  /** Removes an own message that was given up. */
  remove(key: string): void {
    this.items = this.items.filter((item) => item.key !== key);
  }

  /** Drops everything the server told; own waiting messages stay. */
  restart(): void {
    this.updates.clear();
    this.items = this.items.filter((item) => item.seq === null);
  }

  private add(item: Item): void {
    if (item.blocks.length === 0) return; // the bot keeps silent
    const others = this.items.filter((known) => known.key !== item.key);
    const waiting = item.seq === null ? -1 : others.findIndex((known) => known.seq === null);
    others.splice(waiting < 0 ? others.length : waiting, 0, this.updated(item));
    this.items = others;
  }

  private updated(item: Item): Item {
    const update = this.updates.get(item.messageId ?? "");
    if (!update) return item;
    const { blocks } = update.data as unknown as Update;
    return blocks === item.blocks ? item : { ...item, blocks };
  }

  /** A page read later may hold an earlier update: the latest one counts. */
  private update(event: DurableEvent): void {
    const { message_id: id } = event.data as unknown as Update;
    if ((this.updates.get(id)?.seq ?? 0) > event.seq) return;
    this.updates.set(id, event);
    this.items = this.items.map((item) => this.updated(item));
  }
}

function itemFrom(event: DurableEvent): Item {
  const message = event.data as unknown as MessageData;
  return {
    key: message.client_id ?? message.message_id,
    messageId: message.message_id,
    seq: event.seq,
    at: event.ts ?? 0,
    sender: message.sender,
    blocks: message.blocks,
    delivery: "stored",
    answer: message.answer,
    lang: message.lang,
  };
}
