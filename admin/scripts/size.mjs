// Fails the build when what a browser fetches before the first page is over the budget.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 350
const folder = new URL('../../cs_bot/web/static/console/', import.meta.url)
const page = readFileSync(new URL('index.html', folder), 'utf8')
const first = [...page.matchAll(/(?:src|href)="\/static\/console\/(assets\/[^"]+)"/g)].map((match) => match[1])
const gzipKb = (name) => gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1024
const sum = (names) => names.map(gzipKb).reduce((total, size) => total + size, 0)

const firstKb = sum(first)
const allKb = sum(readdirSync(new URL('assets/', folder)).map((name) => `assets/${name}`))
console.log(`console: first load ${firstKb.toFixed(1)} KB gz of ${BUDGET_KB}, all files ${allKb.toFixed(1)} KB gz`)
if (/<script(?![^>]*\bsrc=)|\sstyle="|<style/.test(page)) {
  console.error('console: index.html holds an inline script or style, which the content policy forbids.')
  process.exit(1)
}
if (firstKb > BUDGET_KB) {
  console.error('console: over budget. Make the page that needs the new weight lazy.')
  process.exit(1)
}
