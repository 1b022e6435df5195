/** A card: a picture above a title, a few words and buttons, framed as one piece. */

import type { CardBlock } from "@cs-bot/sdk";
import { html, nothing, type TemplateResult } from "lit";
import { buttonsView } from "./buttons.js";
import type { BlockContext } from "./context.js";
import { imageView } from "./image.js";

export function cardView(
  { title, text, image, alt, buttons }: CardBlock,
  context: BlockContext,
): TemplateResult {
  const picture = image ? imageView({ kind: "image", url: image, alt: alt || title }, context) : nothing;
  const row = { kind: "buttons", buttons: buttons ?? [], once: false } as const;
  return html`<div class="card">
    ${picture}
    <div class="card-words">
      <p class="card-title">${title}</p>
      ${text ? html`<p class="plain">${text}</p>` : nothing}
      ${buttons?.length ? buttonsView(row, context) : nothing}
    </div>
  </div>`;
}
