/**
 * A small, safe part of Markdown as DOM nodes: bold, italic, code, links, lists, quotes, tables and
 * line breaks. It never parses HTML, so there is nothing to sanitise. Knows nothing of the chat:
 * the console draws its previews with it too.
 */

const FENCE = /^```/;
const BULLET = /^\s{0,3}[-*+]\s+(.*)$/;
const NUMBER = /^\s{0,3}(\d{1,9})[.)、]\s+(.*)$/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;
const ROW = /^\s*\|(.+)\|\s*$/;
const RULE = /^[\s|:-]+$/;
/** Lengths are bounded so that no input makes matching slow. */
const INLINE = new RegExp(
  [
    "`([^`\\n]{1,500})`",
    "\\*\\*(?=\\S)([^\\n]{1,1000}?)\\*\\*",
    "\\*(?=\\S)([^*\\n]{1,500})\\*",
    "\\[([^\\[\\]\\n]{1,300})\\]\\(([^()\\s]{1,1000})\\)",
    "(https?:\\/\\/[^\\s<>\"'`()（）【】《》，。！？；、]{1,1000})",
  ].join("|"),
  "g",
);
const SAFE_SCHEME = /^(?:https?:\/\/|mailto:|tel:)/i;

/** Quotes within quotes; deeper ones stay text. */
const QUOTES_AT_MOST = 3;

/** Whether a link to this address may be offered. */
export function isSafeLink(address: string): boolean {
  return SAFE_SCHEME.test(address);
}

/** The text as nodes of this document. */
export function markdown(text: string): DocumentFragment {
  return blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0);
}

function blocks(lines: string[], depth: number): DocumentFragment {
  const fragment = document.createDocumentFragment();
  while (lines.length > 0) fragment.append(...nextBlock(lines, depth));
  return fragment;
}

function nextBlock(lines: string[], depth: number): Node[] {
  const first = lines[0] ?? "";
  if (first.trim() === "") {
    lines.shift();
    return [];
  }
  if (FENCE.test(first)) return [codeBlock(lines)];
  if (BULLET.test(first)) return [list("ul", lines, BULLET, 1)];
  if (NUMBER.test(first)) return [list("ol", lines, NUMBER, 2)];
  if (QUOTE.test(first) && depth < QUOTES_AT_MOST) return [quote(lines, depth)];
  if (ROW.test(first) && ROW.test(lines[1] ?? "") && RULE.test(lines[1] ?? "")) return [table(lines)];
  return [paragraph(lines)];
}

function codeBlock(lines: string[]): Node {
  lines.shift();
  const end = lines.findIndex((line) => FENCE.test(line));
  const code = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return node("pre", [node("code", [code.join("\n")])]);
}

function list(tag: "ul" | "ol", lines: string[], pattern: RegExp, group: number): Node {
  const made = node(tag, []);
  const start = Number(NUMBER.exec(lines[0] ?? "")?.[1] ?? 1);
  if (made instanceof HTMLOListElement && start !== 1) made.start = start;
  for (const match of matching(lines, pattern)) made.append(node("li", inline(match[group] ?? "")));
  return made;
}

function quote(lines: string[], depth: number): Node {
  const inner = matching(lines, QUOTE).map((match) => match[1] ?? "");
  return node("blockquote", [blocks(inner, depth + 1)]);
}

function table(lines: string[]): Node {
  const rows = matching(lines, ROW).map((match) => (match[1] ?? "").split("|"));
  const [head = [], , ...body] = rows;
  return node("table", [
    node("thead", [row(head, "th")]),
    node("tbody", body.map((cells) => row(cells, "td"))),
  ]);
}

function row(cells: string[], tag: "th" | "td"): Node {
  return node("tr", cells.map((cell) => node(tag, inline(cell.trim()))));
}

function paragraph(lines: string[]): Node {
  const made = node("p", inline(lines.shift() ?? ""));
  while (lines.length > 0 && isPlain(lines[0] ?? "")) {
    made.append(document.createElement("br"), ...inline(lines.shift() ?? ""));
  }
  return made;
}

function isPlain(line: string): boolean {
  return line.trim() !== "" && ![FENCE, BULLET, NUMBER, QUOTE, ROW].some((rule) => rule.test(line));
}

/** Takes lines from the front as long as they match. */
function matching(lines: string[], pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (let match = pattern.exec(lines[0] ?? ""); match && lines.length > 0; ) {
    found.push(match);
    lines.shift();
    match = pattern.exec(lines[0] ?? "");
  }
  return found;
}

function inline(text: string): (Node | string)[] {
  const made: (Node | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    made.push(text.slice(end, match.index), span(match));
    end = match.index + match[0].length;
  }
  return [...made, text.slice(end)];
}

function span(match: RegExpMatchArray): Node | string {
  const [whole, code, bold, italic, label, target, address] = match;
  if (code !== undefined) return node("code", [code]);
  if (bold !== undefined) return node("strong", inline(bold));
  if (italic !== undefined) return node("em", inline(italic));
  if (address !== undefined) return link(address, [address]);
  if (label !== undefined && target !== undefined && isSafeLink(target)) {
    return link(target, [label]);
  }
  return whole;
}

function link(address: string, content: (Node | string)[]): Node {
  const made = node("a", content) as HTMLAnchorElement;
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer nofollow";
  return made;
}

function node(tag: string, content: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  made.append(...content);
  return made;
}
