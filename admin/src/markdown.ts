/**
 * The safe subset of Markdown that answers may use, read into plain values. It never makes HTML:
 * what is not in the subset stays text, so there is nothing to sanitise.
 */

export type Inline =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'strong' | 'em'; children: Inline[] }
  | { kind: 'link'; href: string; children: Inline[] }

export type MarkdownBlock =
  | { kind: 'paragraph' | 'quote'; lines: Inline[][] }
  | { kind: 'list'; ordered: boolean; start: number; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }

const BULLET = /^\s{0,3}[-*+]\s+(.*)$/
const NUMBERED = /^\s{0,3}(\d{1,4})[.)、]\s*(.+)$/
const QUOTE = /^\s{0,3}>\s?(.*)$/
const TABLE_RULE = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/
const INLINE =
  /(`+)(.+?)\1(?!`)|\*\*(?=\S)(.+?)\*\*|__(?=\S)(.+?)__|(?<![\w*])[*_](?=\S)([^*_]+?)[*_](?![\w*])|\[([^\]\n]+)\]\(([^()\s]+)\)/
const SAFE_LINK = /^(https?:\/\/|mailto:|tel:)/i

/** Read an answer into blocks. */
export function parseMarkdown(source: string): MarkdownBlock[] {
  const lines = source.replace(/\r\n?/g, '\n').split('\n')
  const blocks: MarkdownBlock[] = []
  let at = 0
  while (at < lines.length) {
    if (lineAt(lines, at).trim() === '') {
      at += 1
      continue
    }
    const [block, next] = readTable(lines, at) ?? readList(lines, at) ?? readQuote(lines, at) ?? readParagraph(lines, at)
    blocks.push(block)
    at = next
  }
  return blocks
}

/** Read one line's bold, italic, code and links. */
export function parseInline(text: string): Inline[] {
  const match = INLINE.exec(text)
  if (!match) return text ? [{ kind: 'text', text }] : []
  const before = text.slice(0, match.index)
  const after = text.slice(match.index + match[0].length)
  return [...(before ? [{ kind: 'text', text: before } as const] : []), inlineOf(match), ...parseInline(after)]
}

function inlineOf(match: RegExpExecArray): Inline {
  const [whole, , code, stars, underscores, emphasis, label, href] = match
  if (code !== undefined) return { kind: 'code', text: code.trim() }
  const strong = stars ?? underscores
  if (strong !== undefined) return { kind: 'strong', children: parseInline(strong) }
  if (emphasis !== undefined) return { kind: 'em', children: parseInline(emphasis) }
  if (label !== undefined && href !== undefined && SAFE_LINK.test(href)) {
    return { kind: 'link', href, children: parseInline(label) }
  }
  return { kind: 'text', text: whole }
}

/** An answer's words on one line, for a list. */
export function plainText(source: string): string {
  return parseMarkdown(source).flatMap(linesIn).map(wordsIn).join(' ')
}

function linesIn(block: MarkdownBlock): Inline[][] {
  if (block.kind === 'list') return block.items
  return block.kind === 'table' ? [...block.head, ...block.rows.flat()] : block.lines
}

function wordsIn(line: Inline[]): string {
  return line.map((inline) => ('text' in inline ? inline.text : wordsIn(inline.children))).join('')
}

type Read = [MarkdownBlock, number] | null

function readList(lines: string[], start: number): Read {
  const ordered = NUMBERED.test(lineAt(lines, start))
  const pattern = ordered ? NUMBERED : BULLET
  const [items, next] = readWhile(lines, start, (line) => pattern.exec(line)?.[ordered ? 2 : 1])
  if (items.length === 0) return null
  const first = Number(NUMBERED.exec(lineAt(lines, start))?.[1] ?? 1)
  return [{ kind: 'list', ordered, start: first, items: items.map(parseInline) }, next]
}

function readQuote(lines: string[], start: number): Read {
  const [quoted, next] = readWhile(lines, start, (line) => QUOTE.exec(line)?.[1])
  return quoted.length === 0 ? null : [{ kind: 'quote', lines: quoted.map(parseInline) }, next]
}

function readTable(lines: string[], start: number): Read {
  if (!lineAt(lines, start).includes('|') || !TABLE_RULE.test(lineAt(lines, start + 1))) return null
  const [rows, next] = readWhile(lines, start + 2, (line) => (line.includes('|') ? line : undefined))
  return [{ kind: 'table', head: cells(lineAt(lines, start)), rows: rows.map(cells) }, next]
}

function readParagraph(lines: string[], start: number): [MarkdownBlock, number] {
  const startsOther = (line: string, at: number): boolean =>
    at > start && (BULLET.test(line) || NUMBERED.test(line) || QUOTE.test(line))
  const [text, next] = readWhile(lines, start, (line, at) =>
    line.trim() === '' || startsOther(line, at) ? undefined : line,
  )
  return [{ kind: 'paragraph', lines: text.map(parseInline) }, next]
}

function readWhile(
  lines: string[],
  start: number,
  take: (line: string, at: number) => string | undefined,
): [string[], number] {
  const taken: string[] = []
  for (let at = start; at < lines.length; at += 1) {
    const text = take(lineAt(lines, at), at)
    if (text === undefined) return [taken, at]
    taken.push(text)
  }
  return [taken, lines.length]
}

function cells(line: string): Inline[][] {
  const inner = line.trim().replace(/^\||\|$/g, '')
  return inner.split('|').map((cell) => parseInline(cell.trim()))
}

function lineAt(lines: string[], at: number): string {
  return lines[at] ?? ''
}
