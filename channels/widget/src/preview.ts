/** A glimpse of the newest message above the launcher while the panel is closed. */

import type { MessageData } from "@cs-bot/sdk";
import { html, type TemplateResult } from "lit";
import { plainText } from "./blocks/view.js";
import { icon } from "./icons.js";
import { languageOf } from "./i18n.js";
import type { ChatSession } from "./session.js";

export function previewView(
  message: MessageData,
  session: ChatSession,
  open: () => void,
  dismiss: () => void,
): TemplateResult {
  const { t, tag } = session.words;
  const text = plainText(message.blocks);
  return html`<div class="preview" lang=${tag}>
    <button type="button" class="preview-text" @click=${open}>
      <strong>${session.botName(message.sender.name)}</strong>
      <span lang=${languageOf(text)}>${text}</span>
    </button>
    <button type="button" class="tool" aria-label=${t("preview_close")} @click=${dismiss}>${icon("close")}</button>
  </div>`;
}
