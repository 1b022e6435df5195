/** Small JSON values in a key-value store that may throw, be full, or be missing. */

import type { Entry, EntryStore } from "./outbox.js";

/** The part of the Web Storage interface that is used. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Reads through to the real store and falls back to memory when it refuses. */
export class SafeStorage {
  private readonly memory = new Map<string, string>();

  constructor(
    private readonly store: KeyValueStore | null,
    private readonly prefix: string,
  ) {}

  read<T>(name: string): T | null {
    const text = this.text(this.prefix + name);
    if (text === null) return null;
    try {
      return JSON.parse(text) as T;
    } catch {
      return null;
    }
  }

  write(name: string, value: unknown): void {
    const key = this.prefix + name;
    const text = JSON.stringify(value);
    try {
      if (!this.store) throw new Error("no store");
      this.store.setItem(key, text);
      this.memory.delete(key);
    } catch {
      this.memory.set(key, text);
    }
  }

  remove(name: string): void {
    const key = this.prefix + name;
    this.memory.delete(key);
    try {
      this.store?.removeItem(key);
    } catch {
      // A store that refuses to remove also refused to keep: nothing is left there.
    }
  }

  private text(key: string): string | null {
    const kept = this.memory.get(key);
    if (kept !== undefined) return kept;
    try {
      return this.store?.getItem(key) ?? null;
    } catch {
      return null;
    }
  }
}

/** Keeps outbox entries; every write re-reads, so two tabs never erase each other's entries. */
export class StoredEntries implements EntryStore {
  constructor(
    private readonly storage: SafeStorage,
    private readonly name: string,
  ) {}

  read(): Entry[] {
    const entries = this.storage.read<Entry[]>(this.name);
    return Array.isArray(entries) ? entries : [];
  }

  put(entry: Entry): void {
    const entries = this.read();
    const index = entries.findIndex((known) => known.id === entry.id);
    if (index < 0) entries.push(entry);
    else entries[index] = entry;
    this.storage.write(this.name, entries);
  }

  remove(id: string): void {
    const rest = this.read().filter((entry) => entry.id !== id);
    if (rest.length > 0) this.storage.write(this.name, rest);
    else this.storage.remove(this.name);
  }
}
