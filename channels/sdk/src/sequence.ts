/** The sequence rule: apply the next event, ignore old ones, hold early ones and ask for the rest. */

import type { DurableEvent } from "./protocol.js";

const HELD_AT_MOST = 64;

export class Sequence {
  /** The last applied number; null while it is not known where the conversation stands. */
  last: number | null = null;
  private held = new Map<number, DurableEvent>();

  /** True while an event before the held ones is missing. */
  get hasHole(): boolean {
    return this.last !== null && this.held.size > 0;
  }

  /** Takes one event and returns those that may be applied now, in order. */
  take(event: DurableEvent): DurableEvent[] {
    if (this.last !== null && event.seq <= this.last) return [];
    if (this.held.size < HELD_AT_MOST || event.seq === this.expected) {
      this.held.set(event.seq, event);
    }
    return this.drain();
  }

  /** Sets the position, as after a page of history, and returns the held events that follow it. */
  moveTo(seq: number): DurableEvent[] {
    this.last = seq;
    for (const held of this.held.keys()) if (held <= seq) this.held.delete(held);
    return this.drain();
  }

  /** Forgets everything: the conversation or its epoch changed. */
  forget(): void {
    this.last = null;
    this.held.clear();
  }

  private get expected(): number | null {
    return this.last === null ? null : this.last + 1;
  }

  private drain(): DurableEvent[] {
    const ready: DurableEvent[] = [];
    for (let next = this.expected; next !== null; next = this.expected) {
      const event = this.held.get(next);
      if (!event) break;
      this.held.delete(next);
      this.last = next;
      ready.push(event);
    }
    return ready;
  }
}
