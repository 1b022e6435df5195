/** One message of the transcript: who, what, and how far it has come. */

import type { Item } from "@cs-bot/sdk";
import { html, nothing, type TemplateResult } from "lit";
import type { BlockContext } from "./blocks/context.js";
import { blockView, plainText } from "./blocks/view.js";
import { feedbackView } from "./feedback.js";
import { languageOf } from "./i18n.js";
import { icon } from "./icons.js";
import type { ChatSession } from "./session.js";
import { clock } from "./times.js";

/** Blocks that are drawn beside the bubble, not inside it. */
const BARE = new Set(["buttons", "suggest", "form", "image", "card"]);

export function messageView(item: Item, isFirst: boolean, session: ChatSession): TemplateResult {
  if (item.blocks.every(({ kind }) => kind === "notice")) return noticeItem(item, session);
  const side = item.sender.role === "visitor" ? "mine" : "theirs";
  const language = item.lang ?? languageOf(plainText(item.blocks));
  return html`<li class="message ${side} ${item.delivery} ${isFirst ? "first" : ""}" lang=${language}>
    ${side === "theirs" && isFirst ? avatarView(item.sender.role) : nothing}
    <span class="hidden" lang=${session.words.tag}>${senderName(item, session)} ${clock(item.at, session.words)}</span>
    <div class="content">
      ${item.blocks.map((block) => partView(block, { session, item }))}
      ${item.answer?.feedback ? feedbackView(item.answer, session) : nothing}
      ${side === "mine" ? deliveryView(item, session) : nothing}
    </div>
  </li>`;
}

function senderName({ sender }: Item, session: ChatSession): string {
  if (sender.role === "visitor") return session.words.t("sender_visitor");
  return sender.role === "agent" && sender.name ? sender.name : session.botName(sender.name);
}

export function avatarView(role: string): TemplateResult {
  return html`<span class="avatar">${icon(role === "agent" ? "person" : "bot")}</span>`;
}

function noticeItem(item: Item, session: ChatSession): TemplateResult {
  return html`<li class="message system" lang=${languageOf(plainText(item.blocks))}>
    ${item.blocks.map((block) => blockView(block, { session, item }))}
  </li>`;
}

function partView(block: Item["blocks"][number], context: BlockContext): TemplateResult {
  const view = blockView(block, context);
  return BARE.has(block.kind) ? view : html`<div class="bubble">${view}</div>`;
}

function deliveryView(item: Item, session: ChatSession): TemplateResult {
  const { t } = session.words;
  if (item.delivery !== "failed") {
    const isStored = item.delivery === "stored";
    const words = t(isStored ? "sent" : "sending");
    return html`<span class="delivery" lang=${session.words.tag} title=${words}>
      ${icon(isStored ? "check" : "clock")}<span class="hidden">${words}</span>
    </span>`;
  }
  return html`<div class="failure" lang=${session.words.tag}>
    ${icon("alert")}<span>${t(session.reasonOf(item))}</span>
    <button type="button" class="link" @click=${() => session.client.retry(item.key)}>${t("retry")}</button>
    <button type="button" class="link" @click=${() => session.client.discard(item.key)}>${t("delete")}</button>
  </div>`;
}
