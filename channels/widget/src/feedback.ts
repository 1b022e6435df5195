/** "Was this helpful?" under an answer: two real buttons. */

import type { Answer } from "@cs-bot/sdk";
import { html, type TemplateResult } from "lit";
import { icon } from "./icons.js";
import type { ChatSession, Rating } from "./session.js";

export function feedbackView(answer: Answer, session: ChatSession): TemplateResult {
  const { t } = session.words;
  const rating = session.ratingOf(answer);
  const thumb = (value: Rating, label: string) => html`<button type="button" class="thumb"
    aria-label=${label} title=${label} aria-pressed=${rating === value}
    @click=${() => session.rate(answer, value)}>
    ${icon(value === 1 ? "up" : "thumbDown")}
  </button>`;
  return html`<div class="feedback" role="group" aria-label=${t("feedback_question")}>
    <span>${rating === undefined ? t("feedback_question") : t("feedback_thanks")}</span>
    ${thumb(1, t("feedback_up"))}${thumb(-1, t("feedback_down"))}
  </div>`;
}
