/** Fails the build when what a visitor has to load has grown over its budget. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const KB = 1024;
const WIDGET = fileURLToPath(new URL("../../cs_bot/web/static/widget/v1/", import.meta.url));
const SDK = fileURLToPath(new URL("../sdk/dist/index.js", import.meta.url));

const gzipped = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
const scripts = readdirSync(WIDGET).filter((name) => name.endsWith(".js"));

const budgets = [
  ["launcher (csb.js)", gzipped(`${WIDGET}csb.js`), 5 * KB],
  ["SDK", gzipped(SDK), 6 * KB],
  ["all widget files", scripts.reduce((sum, name) => sum + gzipped(WIDGET + name), 0), 40 * KB],
];

for (const [name, size, budget] of budgets) {
  const verdict = size <= budget ? "ok" : "TOO BIG";
  console.log(`${name}: ${(size / KB).toFixed(2)} of ${budget / KB} KB gzip, ${verdict}`);
  if (size > budget) process.exitCode = 1;
}
