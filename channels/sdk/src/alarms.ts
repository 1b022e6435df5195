/** Named timers: setting one again replaces it. */

import type { Timers } from "./environment.js";

export class Alarms {
  private readonly running = new Map<string, unknown>();

  constructor(private readonly timers: Timers) {}

  set(name: string, milliseconds: number, ring: () => void): void {
    this.clear(name);
    const handle = this.timers.set(() => {
      this.running.delete(name);
      ring();
    }, milliseconds);
    this.running.set(name, handle);
  }

  clear(name: string): void {
    if (!this.running.has(name)) return;
    this.timers.clear(this.running.get(name));
    this.running.delete(name);
  }

  clearAll(): void {
    for (const name of [...this.running.keys()]) this.clear(name);
  }
}
