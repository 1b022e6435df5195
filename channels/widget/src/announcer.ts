/** Tells screen readers what arrived, once, in a region that is empty again a second later. */

const KEPT_MS = 1_000;

export class Announcer {
  /** The hidden region, to be put into the panel. */
  readonly region = document.createElement("div");

  constructor() {
    this.region.className = "hidden";
    this.region.setAttribute("role", "log");
    this.region.setAttribute("aria-live", "polite");
  }

  say(text: string, language: string): void {
    const line = document.createElement("p");
    line.lang = language;
    line.textContent = text;
    this.region.append(line);
    setTimeout(() => line.remove(), KEPT_MS);
  }
}
