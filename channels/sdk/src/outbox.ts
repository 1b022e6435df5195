/** Commands waiting for their ack: strictly in order, one in flight, the same id on every resend. */

const ENTRIES_AT_MOST = 20;
const KEPT_MS = 24 * 3_600_000;
const TRIES_AT_MOST = 3;

export interface Entry {
  id: string;
  type: string;
  data: Record<string, unknown>;
  /** Epoch milliseconds when the visitor gave the command. */
  at: number;
  /** Connections it was sent on without an answer. */
  tries: number;
  failed?: boolean;
  /** Holds values that must never reach storage. */
  sensitive?: boolean;
}

/** Where entries survive a reload; several tabs may share one. */
export interface EntryStore {
  read(): Entry[];
  put(entry: Entry): void;
  remove(id: string): void;
}

/** Raised when twenty commands already wait. */
export class OutboxFull extends Error {}

export class Outbox {
  private readonly list: Entry[];
  private flying: Entry | null = null;

  constructor(
    private readonly store: EntryStore,
    now: number,
  ) {
    const stored = store.read();
    this.list = stored.filter((entry) => now - entry.at < KEPT_MS);
    for (const entry of stored) if (!this.list.includes(entry)) store.remove(entry.id);
  }

  get entries(): readonly Entry[] {
    return this.list;
  }

  get inFlight(): Entry | null {
    return this.flying;
  }

  find(id: string): Entry | undefined {
    return this.list.find((entry) => entry.id === id);
  }

  add(entry: Entry): void {
    if (this.list.length >= ENTRIES_AT_MOST) throw new OutboxFull("20 messages are waiting");
    this.list.push(entry);
    this.save(entry);
  }

  /** Takes the next entry to send, or null if one is in flight or none waits. */
  next(): Entry | null {
    if (this.flying) return null;
    this.flying = this.list.find((entry) => !entry.failed) ?? null;
    if (this.flying) this.flying.tries += 1;
    return this.flying;
  }

  /** Removes an entry that is stored on the server or given up by the visitor. */
  remove(id: string): Entry | undefined {
    const index = this.list.findIndex((entry) => entry.id === id);
    if (index < 0) return undefined;
    const [entry] = this.list.splice(index, 1);
    if (this.flying?.id === id) this.flying = null;
    this.store.remove(id);
    return entry;
  }

  /** Marks an entry as not sent; it stays readable until it is retried or removed. */
  fail(id: string): void {
    const entry = this.find(id);
    if (!entry) return;
    entry.failed = true;
    if (this.flying?.id === id) this.flying = null;
    this.save(entry);
  }

  /** Puts a failed entry back in line under its old id. */
  retry(id: string): boolean {
    const entry = this.find(id);
    if (!entry?.failed) return false;
    entry.failed = false;
    entry.tries = 0;
    this.save(entry);
    return true;
  }

  /** The connection is gone: the entry in flight waits again. Returns it if it has now failed. */
  land(): Entry | null {
    const entry = this.flying;
    this.flying = null;
    if (!entry || entry.tries < TRIES_AT_MOST) return null;
    this.fail(entry.id);
    return entry;
  }

  private save(entry: Entry): void {
    if (!entry.sensitive) this.store.put(entry);
  }
}
