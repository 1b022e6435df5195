/** How long to wait before the next connection attempt. */

const BASE_MS = 200;
const STEP_MS = 500;
const CEILING_MS = 20_000;

/** `200 ms + random(0, min(20 s, 500 ms * 2^failures))`; `random` is in [0, 1). */
export function backoffMs(failures: number, random: number): number {
  return BASE_MS + random * Math.min(CEILING_MS, STEP_MS * 2 ** failures);
}
