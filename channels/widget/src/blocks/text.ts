/** Text: plain, or the safe Markdown subset. */

import type { NoticeBlock, TextBlock } from "@cs-bot/sdk";
import { html, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { markdown } from "../markdown.js";

export function textView({ text, format }: TextBlock): TemplateResult {
  if (format !== "md") return html`<p class="plain">${text}</p>`;
  return html`<div class="rich">${guard([text], () => markdown(text))}</div>`;
}

export function noticeView({ text }: NoticeBlock): TemplateResult {
  return html`<p class="notice">${text}</p>`;
}
