/** The demo shop: draws goods and questions, switches language, and talks to the widget. */

import { GOODS, type Good, type Language, QUESTIONS } from "./goods.js";

type Csb = ((...call: unknown[]) => void) & { q?: unknown[][] };

/** Calls made before the widget is loaded wait in a queue. */
function csb(...call: unknown[]): void {
  const page = window as unknown as { csb?: Csb };
  if (!page.csb) {
    const queue: Csb = (...early) => void (queue.q ??= []).push(early);
    page.csb = queue;
  }
  page.csb(...call);
}

function preferred(): Language {
  const wanted = new URLSearchParams(location.search).get("lang") ?? navigator.language;
  return /^zh/i.test(wanted) ? "zh" : "en";
}

/** The widget follows the language of the page by itself. */
function show(language: Language): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const place of document.querySelectorAll<HTMLElement>("[data-zh]")) {
    place.textContent = place.dataset[language] ?? "";
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-label-zh]")) {
    place.setAttribute("aria-label", place.dataset[language === "zh" ? "labelZh" : "labelEn"] ?? "");
  }
  const other = document.querySelector<HTMLButtonElement>("#language");
  if (other) {
    other.textContent = language === "zh" ? "English" : "中文";
    other.lang = language === "zh" ? "en" : "zh-CN";
    other.onclick = () => show(language === "zh" ? "en" : "zh");
  }
  document.querySelector(".questions")?.replaceChildren(...QUESTIONS[language].map(question));
  document.querySelector(".goods ul")?.replaceChildren(...GOODS.map((good) => card(good, language)));
}

function question(text: string): HTMLElement {
  const button = make("button", "", text);
  button.addEventListener("click", () => {
    csb("open");
    csb("send", text);
  });
  return wrap("li", button);
}

function card(good: Good, language: Language): HTMLElement {
  const item = make("li", "card");
  const words = make("div", "words");
  words.append(
    make("h3", "", good.name[language]),
    make("p", "note", good.note[language]),
    make("p", "price", good.price),
  );
  item.append(drawing(good.drawing), words);
  return item;
}

function drawing(path: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 80 80");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function make(tag: string, className = "", text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (tag === "button") (made as HTMLButtonElement).type = "button";
  made.textContent = text;
  return made;
}

function wrap(tag: string, inner: HTMLElement): HTMLElement {
  const outer = document.createElement(tag);
  outer.append(inner);
  return outer;
}

show(preferred());
