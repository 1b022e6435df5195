/** One line under the header about the connection, and what the visitor can do about it. */

import { html, nothing, type TemplateResult } from "lit";
import type { Key } from "./i18n.js";
import type { ChatSession } from "./session.js";

/** Close codes after which connecting again from this page is pointless. */
const FINAL = new Set([4403, 4404, 4426]);

/** Whether nothing more can be sent from this page. */
export function isFinal({ client }: ChatSession): boolean {
  const { phase, code } = client.status;
  return phase === "stopped" && FINAL.has(code ?? 0);
}

/** `isSlow`: connecting has taken long enough to be worth a word. */
export function connectionBar(session: ChatSession, isSlow: boolean): TemplateResult {
  return html`<div class="bar-place" role="status">${barView(session, isSlow)}</div>`;
}

function barView(session: ChatSession, isSlow: boolean): TemplateResult | typeof nothing {
  const { client, words } = session;
  const { phase, online, code } = client.status;
  const retry = () => client.reconnect();
  if (phase === "stopped") return stoppedView(session, code ?? 1000);
  if (!online) return bar("warning", words.t("bar_offline"), words.t("bar_retry"), retry);
  if (phase === "waiting") return bar("warning", words.t("bar_waiting"), words.t("bar_retry"), retry);
  return phase === "connecting" && isSlow ? bar("", words.t("bar_connecting")) : nothing;
}

function stoppedView({ client, words }: ChatSession, code: number): TemplateResult {
  const key = `stopped_${code}`;
  const text = words.t(words.has(key) ? key : "stopped_4400");
  if (code === 4426) return bar("warning", text, words.t("resume_reload"), () => location.reload());
  if (FINAL.has(code)) return bar("warning", text);
  const action: Key = code === 4409 ? "resume_here" : "resume_again";
  return bar("warning", text, words.t(action), () => client.reconnect());
}

function bar(tone: string, text: string, action?: string, act?: () => void): TemplateResult {
  return html`<p class="bar ${tone}">
    <span>${text}</span>
    ${action ? html`<button type="button" class="link" @click=${act}>${action}</button>` : nothing}
  </p>`;
}
