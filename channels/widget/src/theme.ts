/** Puts the channel's brand colour on the element, with every text colour kept readable. */

import { paletteOf } from "./color.js";

const applied = new WeakMap<HTMLElement, string>();

/** The page's own `--csb-color` wins over the channel's colour. */
export function applyTheme(element: HTMLElement, configured: string | undefined): void {
  const own = getComputedStyle(element).getPropertyValue("--csb-color").trim();
  const wanted = own || configured || "";
  if (applied.get(element) === wanted) return;
  applied.set(element, wanted);
  const palette = paletteOf(wanted);
  if (!palette) return;
  element.style.setProperty("--csb-theme", palette.color);
  element.style.setProperty("--csb-theme-on", palette.onColor);
  element.style.setProperty("--csb-theme-text", palette.textOnLight);
  element.style.setProperty("--csb-theme-text-dark", palette.textOnDark);
}
