/** Client ids (ULID): sortable by time, unique without a server. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** How many random bytes a ULID takes: five bits of each are used. */
export const RANDOM_BYTES = 16;

/** A 26-character ULID from epoch milliseconds and sixteen random bytes. */
export function ulid(milliseconds: number, randomBytes: Uint8Array): string {
  let time = "";
  for (let rest = milliseconds; time.length < 10; rest = Math.floor(rest / 32)) {
    time = ALPHABET.charAt(rest % 32) + time;
  }
  return [...randomBytes].reduce((text, byte) => text + ALPHABET.charAt(byte % 32), time);
}
