/** Who this browser is to the server, as remembered between page loads. */

import type { SafeStorage } from "./storage.js";

const NAME = "";

/** The stored record, under the key `csb:<channel>`. */
export interface VisitorRecord {
  token?: string;
  conversation_id?: string;
  /** The last event the visitor has seen. */
  read_seq?: number;
}

export class Visitor {
  private record: VisitorRecord;

  constructor(private readonly storage: SafeStorage) {
    this.record = storage.read<VisitorRecord>(NAME) ?? {};
  }

  get token(): string | undefined {
    return this.record.token;
  }

  get readSeq(): number {
    return this.record.read_seq ?? 0;
  }

  /** True if there is a conversation to come back to. */
  get hasConversation(): boolean {
    return this.record.conversation_id !== undefined;
  }

  remember(changes: VisitorRecord): void {
    this.record = { ...this.record, ...changes };
    this.storage.write(NAME, this.record);
  }

  /** The first sight of a conversation: what it holds so far counts as read. */
  enterConversation(id: string, topSeq: number): void {
    if (this.record.conversation_id === id) return;
    this.remember({ conversation_id: id, read_seq: topSeq });
  }

  /** The token was refused; another tab may have got a new one already. */
  dropToken(): void {
    const stored = this.storage.read<VisitorRecord>(NAME);
    if (stored?.token === this.record.token) this.forget();
    else this.record = stored ?? {};
  }

  forget(): void {
    this.record = {};
    this.storage.remove(NAME);
  }
}
