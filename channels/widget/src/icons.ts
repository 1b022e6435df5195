/** The panel's drawings: 24 x 24, one stroke, coloured by the text around them. */

import { html, type TemplateResult } from "lit";

const PATHS = {
  close: "M6 6l12 12M18 6 6 18",
  send: "M5 12h13M12.5 5.5 19 12l-6.5 6.5",
  up: "M7 11v9H4v-9h3Zm0 0 4-7.5c1.4 0 2.4 1.1 2.4 2.5V9.5h4.7c1.3 0 2.2 1.2 1.9 2.4l-1.5 6.2c-.2 1-1.1 1.9-2.2 1.9H7",
  thumbDown: "M7 13V4H4v9h3Zm0 0 4 7.5c1.4 0 2.4-1.1 2.4-2.5v-3.5h4.7c1.3 0 2.2-1.2 1.9-2.4l-1.5-6.2c-.2-1-1.1-1.9-2.2-1.9H7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 7.5V12l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  alert: "M12 8v5M12 16.5v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  arrowDown: "M12 5v13M6 12.5l6 6 6-6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
  bot: "M12 7V4M6.5 7h11A2.5 2.5 0 0 1 20 9.5v7a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 16.5v-7A2.5 2.5 0 0 1 6.5 7ZM9 12v1.5M15 12v1.5",
  chevron: "M9.5 6l6 6-6 6",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
