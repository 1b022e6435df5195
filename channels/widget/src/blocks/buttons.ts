/** A set of choices; a set that can be used once stays readable afterwards. */

import type { Button, ButtonsBlock } from "@cs-bot/sdk";
import { html, type TemplateResult } from "lit";
import { icon } from "../icons.js";
import { isSafeLink } from "../markdown.js";
import { type BlockContext, pendingChoice } from "./context.js";

export function buttonsView(block: ButtonsBlock, context: BlockContext): TemplateResult {
  const pending = pendingChoice(context)?.["button_id"] as string | undefined;
  const chosen = block.chosen ?? pending;
  const isDone = pending !== undefined || (block.once !== false && block.chosen !== undefined);
  return html`<ul class="choices" role="list">
    ${block.buttons.map((button) => html`<li>${choiceView(button, chosen, isDone, context)}</li>`)}
  </ul>`;
}

function choiceView(
  button: Button,
  chosen: string | undefined,
  isDone: boolean,
  { session, item }: BlockContext,
): TemplateResult {
  if (button.url !== undefined) return linkView(button);
  const isChosen = button.id === chosen;
  const press = () => {
    if (!isDone && item.messageId !== null) session.press(item.messageId, button.id);
  };
  return html`<button type="button" class="choice ${button.style === "primary" ? "primary" : ""}"
    aria-disabled=${isDone} aria-pressed=${isChosen} @click=${press}>
    ${isChosen ? icon("check") : ""}${button.title}
  </button>`;
}

function linkView({ title, url = "" }: Button): TemplateResult {
  if (!isSafeLink(url)) return html`<span class="choice">${title}</span>`;
  return html`<a class="choice" href=${url} target="_blank" rel="noopener noreferrer">${title}</a>`;
}
