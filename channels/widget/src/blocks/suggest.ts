/** "Did you mean", or related questions: a list to pick from; the pick stays marked. */

import type { SuggestBlock } from "@cs-bot/sdk";
import { html, type TemplateResult } from "lit";
import { icon } from "../icons.js";
import { languageOf } from "../i18n.js";
import { type BlockContext, pendingChoice } from "./context.js";

/** What the server calls "none of these" once it was chosen. */
const NONE = "none";

export function suggestView(block: SuggestBlock, context: BlockContext): TemplateResult {
  const { t } = context.session.words;
  const chosen = block.chosen ?? pendingItem(context);
  const rows = block.items.map(({ item_id, question }) => ({ id: item_id, text: question }));
  if (block.none !== undefined) rows.push({ id: NONE, text: block.none });
  const label = t(block.none === undefined ? "related_label" : "suggest_label");
  return html`<ol class="suggest" role="list" aria-label=${label} @keydown=${moveFocus}>
    ${rows.map((row) => rowView(row, chosen, context))}
  </ol>`;
}

function rowView(
  row: { id: string; text: string },
  chosen: string | undefined,
  { session, item }: BlockContext,
): TemplateResult {
  const isChosen = row.id === chosen;
  const pick = () => {
    if (chosen !== undefined || item.messageId === null) return;
    session.pick(item.messageId, row.id === NONE ? null : row.id);
  };
  return html`<li>
    <button type="button" class="row ${row.id === NONE ? "none" : ""}" lang=${languageOf(row.text)}
      aria-disabled=${chosen !== undefined} aria-pressed=${isChosen} @click=${pick}>
      <span>${row.text}</span>${icon(isChosen ? "check" : "chevron")}
    </button>
  </li>`;
}

function pendingItem(context: BlockContext): string | undefined {
  const pending = pendingChoice(context);
  if (!pending || !("item_id" in pending)) return undefined;
  return (pending["item_id"] as string | null) ?? NONE;
}

/** Arrow keys, Home and End walk through the rows. */
function moveFocus(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const rows = [...list.querySelectorAll<HTMLButtonElement>("button")];
  const at = rows.indexOf(event.target as HTMLButtonElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  rows[(next + rows.length) % rows.length]?.focus();
}
