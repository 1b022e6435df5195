/** Building elements by hand, for the one file that must stay small. */

const SVG = "http://www.w3.org/2000/svg";

export const CHAT_ICON =
  "M12 3.5c-5 0-9 3.3-9 7.5 0 2.3 1.2 4.3 3.1 5.7l-.6 3.3c-.1.4.3.7.7.5l3.6-1.7c.7.1 1.4.2 2.2.2 5 0 9-3.3 9-7.5s-4-8-9-8Z";
export const CLOSE_ICON = "m6 9.5 6 6 6-6";

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  return created;
}

/** A 24 x 24 drawing of one path. */
export function icon(path: string, name: string): SVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon ${name}`);
  drawing.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}
