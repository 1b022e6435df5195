/** This SDK's version, and how versions compare. */

export const VERSION = "0.1.0";

/** Whether `version` comes before `other`, both as dotted numbers. */
export function isOlder(version: string, other: string): boolean {
  return version.localeCompare(other, "en", { numeric: true }) < 0;
}
