/** Name, state in a dot and a word, language switch, close. */

import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.js";
import type { ChatSession } from "./session.js";

export function headerView(session: ChatSession, close: () => void): TemplateResult {
  const { words, host } = session;
  const state = stateOf(session);
  return html`<div class="header">
    <span class="avatar large">${icon("bot")}</span>
    <div class="title">
      <h2>${session.botName()}</h2>
      <p class="state ${state}"><i class="dot" aria-hidden="true"></i>${words.t(`status_${state}`)}</p>
    </div>
    <button type="button" class="tool" lang=${words.other === "en" ? "en" : "zh-CN"}
      aria-label=${words.t("language_switch")} title=${words.t("language_switch")}
      @click=${() => session.chooseLocale(words.other)}>${words.t("language_short")}</button>
    ${host.mode === "page" ? nothing : html`<button type="button" class="tool"
      aria-label=${words.t("close")} title=${words.t("close")} @click=${close}>${icon("close")}</button>`}
  </div>`;
}

function stateOf({ client }: ChatSession): "online" | "connecting" | "offline" {
  const { phase, online } = client.status;
  if (!online || phase === "stopped" || phase === "waiting") return "offline";
  return phase === "live" ? "online" : "connecting";
}
