/** When things were said, in the reader's words. */

import type { Words } from "./i18n.js";

/** Messages closer than this share one time line. */
const PAUSE_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Whether a time line belongs between two messages. */
export function isPause(previous: number | undefined, at: number): boolean {
  return previous === undefined || at - previous > PAUSE_MS || !sameDay(previous, at);
}

/** "今天 10:21", "Yesterday 09:05", "3月2日 18:00". */
export function timeLine(at: number, now: number, words: Words): string {
  const time = clock(at, words);
  if (sameDay(at, now)) return `${words.t("today")} ${time}`;
  if (sameDay(at, now - DAY_MS)) return `${words.t("yesterday")} ${time}`;
  const day = new Intl.DateTimeFormat(words.tag, { month: "short", day: "numeric" });
  return `${day.format(at)} ${time}`;
}

/** "10:21". */
export function clock(at: number, words: Words): string {
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat(words.tag, format).format(at);
}

function sameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
