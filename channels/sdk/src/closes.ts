/** What a close code asks of the client: the code carries the verdict. */

export type Verdict =
  /** Ended on purpose or for good: no further attempt. */
  | { action: "stop" }
  /** Try again after the usual back-off, or within the given bounds. */
  | { action: "reconnect"; minimumMs?: number; spreadMs?: number }
  /** Wait until the visitor does something. */
  | { action: "rest" }
  /** Get a new token first; a second time it stops. */
  | { action: "renew" }
  /** The command in flight was too big: give it up, then reconnect. */
  | { action: "drop" };

const SPECIAL: Record<number, Verdict> = {
  1000: { action: "stop" },
  1009: { action: "drop" },
  4401: { action: "renew" },
  4503: { action: "reconnect", minimumMs: 0, spreadMs: 5_000 },
  4507: { action: "rest" },
  4529: { action: "reconnect", minimumMs: 30_000 },
};

/** The verdict of a close code; 44xx stops, everything unknown reconnects. */
export function verdict(code: number): Verdict {
  const special = SPECIAL[code];
  if (special) return special;
  return { action: code >= 4400 && code < 4500 ? "stop" : "reconnect" };
}
