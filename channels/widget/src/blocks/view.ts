/** From a block to what is shown; a kind this version does not know shows its fallback text. */

import type {
  Block,
  ButtonsBlock,
  CardBlock,
  FormBlock,
  ImageBlock,
  NoticeBlock,
  SuggestBlock,
  TextBlock,
  UnknownBlock,
} from "@cs-bot/sdk";
import { html, type TemplateResult } from "lit";
import { buttonsView } from "./buttons.js";
import { cardView } from "./card.js";
import type { BlockContext } from "./context.js";
import { formView } from "./form.js";
import { imageView } from "./image.js";
import { suggestView } from "./suggest.js";
import { noticeView, textView } from "./text.js";

export function blockView(block: Block, context: BlockContext): TemplateResult {
  switch (block.kind) {
    case "text":
      return textView(block as TextBlock);
    case "buttons":
      return buttonsView(block as ButtonsBlock, context);
    case "suggest":
      return suggestView(block as SuggestBlock, context);
    case "form":
      return formView(block as FormBlock, context);
    case "image":
      return imageView(block as ImageBlock, context);
    case "card":
      return cardView(block as CardBlock, context);
    case "notice":
      return noticeView(block as NoticeBlock);
    default:
      return fallbackView(block, context);
  }
}

function fallbackView(block: UnknownBlock, { session }: BlockContext): TemplateResult {
  return html`<p class="plain">${block.fallback ?? session.words.t("unsupported")}</p>`;
}

/** The words of the blocks, for the live region and the preview. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map(wordsOf).filter(Boolean).join("\n");
}

function wordsOf(block: Block): string {
  if (block.kind === "card") return (block as CardBlock).fallback ?? (block as CardBlock).title;
  if ("text" in block) return block.text.replace(/\*\*|`/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  if ("items" in block) return block.items.map(({ question }) => question).join("\n");
  if ("buttons" in block) return block.buttons.map(({ title }) => title).join("\n");
  if ("fields" in block) return block.title ?? "";
  if ("url" in block) return block.alt ?? "";
  return "fallback" in block ? (block.fallback ?? "") : "";
}
