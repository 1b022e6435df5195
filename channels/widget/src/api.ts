/** The script-tag interface: `data-*` attributes and the `window.csb` queue. */

import type { ChatElement } from "./element.js";

const METHODS = ["open", "close", "toggle", "send", "setLocale", "reset", "on", "destroy"] as const;
const ATTRIBUTES = ["key", "locale", "mode", "theme", "origin"] as const;

type Method = (typeof METHODS)[number];
type Call = ArrayLike<unknown>;
type Csb = ((...call: unknown[]) => void) & { q?: Call[] };

declare global {
  interface Window {
    csb?: Csb;
  }
}

/** Puts the element on the page and answers the calls made so far and from now on. */
export function startApi(script: HTMLScriptElement | null): void {
  const queued = window.csb?.q ?? [];
  whenParsed(() => {
    const chat = existing() ?? create(script);
    if (!chat) return;
    window.csb = (...call) => answer(chat, call);
    for (const call of queued) answer(chat, call);
  });
}

function answer(chat: ChatElement, call: Call): void {
  const [name, ...rest] = Array.from(call);
  if (!METHODS.includes(name as Method)) {
    throw new Error(`csb: there is no "${String(name)}"; there are ${METHODS.join(", ")}`);
  }
  const method = chat[name as Method] as (...given: unknown[]) => unknown;
  method.apply(chat, rest);
}

function existing(): ChatElement | null {
  return document.querySelector<ChatElement>("csb-chat");
}

function create(script: HTMLScriptElement | null): ChatElement | null {
  const { dataset } = script ?? {};
  const fromAddress = dataset?.["mode"] === "page" ? pageKey() : null;
  const key = dataset?.["key"] ?? fromAddress;
  if (!dataset || !key) return null;
  const chat = document.createElement("csb-chat") as ChatElement;
  for (const name of ATTRIBUTES) {
    const value = name === "key" ? key : dataset[name];
    if (value) chat.setAttribute(name, value);
  }
  document.body.append(chat);
  return chat;
}

/** The full page may be opened for any channel: `/chat?key=…`. */
function pageKey(): string | null {
  return new URLSearchParams(location.search).get("key");
}

function whenParsed(act: () => void): void {
  if (document.readyState !== "loading") act();
  else document.addEventListener("DOMContentLoaded", act, { once: true });
}
