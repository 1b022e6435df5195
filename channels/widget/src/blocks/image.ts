/** A picture that opens in a new window. */

import type { ImageBlock } from "@cs-bot/sdk";
import { html, nothing, type TemplateResult } from "lit";
import type { BlockContext } from "./context.js";

export function imageView(
  { url, alt = "", width, height }: ImageBlock,
  { session }: BlockContext,
): TemplateResult {
  const { t } = session.words;
  const address = httpAddress(url, session.host.origin);
  if (!address) return html`<p class="plain">${alt || t("image_failed")}</p>`;
  return html`<a class="image" href=${address} target="_blank" rel="noopener noreferrer"
    aria-label=${alt ? `${alt} (${t("image_open")})` : t("image_open")}>
    <img src=${address} alt=${alt} loading="lazy" width=${width ?? nothing} height=${height ?? nothing}
      @error=${showWords} />
    <span class="image-words" hidden>${alt || t("image_failed")}</span>
  </a>`;
}

/** The absolute address, if it is one that a picture may come from. */
function httpAddress(url: string, origin: string): string | null {
  try {
    const address = new URL(url, origin);
    return /^https?:$/.test(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

function showWords(event: Event): void {
  const picture = event.target as HTMLImageElement;
  picture.hidden = true;
  picture.nextElementSibling?.removeAttribute("hidden");
}
