/** The messages, oldest first, with greeting, time lines and the typing sign. */

import type { Item } from "@cs-bot/sdk";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { avatarView, messageView } from "./message.js";
import type { ChatSession } from "./session.js";
import { isPause, timeLine } from "./times.js";

export function transcriptView(session: ChatSession, now: number): TemplateResult {
  const { items, typing } = session.client;
  return html`<ol class="items" role="list">
    ${session.client.reachedStart ? greetingView(session) : nothing}
    ${repeat(items, ({ key }) => key, (item, index) => rowView(item, items[index - 1], session, now))}
    ${typing ? typingView(session) : nothing}
  </ol>`;
}

function rowView(
  item: Item,
  previous: Item | undefined,
  session: ChatSession,
  now: number,
): TemplateResult {
  const pause = isPause(previous?.at, item.at);
  const isFirst = pause || previous?.sender.role !== item.sender.role;
  const line = pause ? timeLine(item.at, now, session.words) : null;
  return html`${line ? html`<li class="time" lang=${session.words.tag}>${line}</li>` : nothing}
  ${messageView(item, isFirst, session)}`;
}

/** The channel's own first words; not a stored message. */
function greetingView(session: ChatSession): TemplateResult | typeof nothing {
  const { words, config } = session;
  const greeting = config?.greeting?.[words.locale];
  const questions = config?.quick_questions?.[words.locale] ?? [];
  if (!greeting && questions.length === 0) return nothing;
  return html`<li class="message theirs first" lang=${words.tag}>
    ${avatarView("bot")}
    <div class="content">
      ${greeting ? html`<div class="bubble"><p class="plain">${greeting}</p></div>` : nothing}
      <ul class="choices" role="list">
        ${questions.map((question) => html`<li>
          <button type="button" class="choice" @click=${() => session.send(question)}>${question}</button>
        </li>`)}
      </ul>
    </div>
  </li>`;
}

function typingView({ words }: ChatSession): TemplateResult {
  return html`<li class="message theirs first typing">
    ${avatarView("bot")}
    <div class="content"><div class="bubble">
      <span class="hidden">${words.t("typing")}</span>
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    </div></div>
  </li>`;
}
