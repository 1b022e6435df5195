/** The chat window: header, transcript, composer, footer. Draws the session and nothing else. */

import type { MessageData } from "@cs-bot/sdk";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Announcer } from "./announcer.js";
import { plainText } from "./blocks/view.js";
import type { Composer, ComposerOwner } from "./composer.js";
import { connectionBar, isFinal } from "./connection-bar.js";
import { headerView } from "./header.js";
import type { Host, Locale, Panel } from "./host.js";
import { languageOf } from "./i18n.js";
import { icon } from "./icons.js";
import { previewView } from "./preview.js";
import { ScrollKeeper } from "./scroll.js";
import { ChatSession } from "./session.js";
import { blockStyles } from "./styles/blocks.js";
import { frameStyles } from "./styles/frame.js";
import { messageStyles } from "./styles/messages.js";
import { tokens } from "./styles/tokens.js";
import { applyTheme } from "./theme.js";
import { transcriptView } from "./transcript.js";
import { followViewport } from "./viewport.js";

/** Connecting is worth a word only when it takes longer than this. */
const SLOW_MS = 800;
const TEXT_LIMIT = 4_000;

export class PanelElement extends LitElement implements Panel, ComposerOwner {
  static override styles = [tokens, frameStyles, messageStyles, blockStyles];

  private readonly session: ChatSession;
  private readonly announcer = new Announcer();
  private readonly keeper = new ScrollKeeper(this);
  private readonly unfollow = followViewport(this);
  private isOpen = false;
  private hasNews = false;
  private isSlow = false;
  private slowTimer = 0;
  private preview: MessageData | null = null;

  constructor(private readonly host: Host) {
    super();
    this.session = new ChatSession(host, {
      changed: () => this.changed(),
      configured: () => this.applyTheme(),
      arrived: (message) => this.arrived(message),
    });
  }

  /** The part that scrolls. */
  get scroller(): HTMLElement | null {
    return this.renderRoot.querySelector(".scroller");
  }

  open(takeFocus: boolean): void {
    this.isOpen = true;
    this.preview = null;
    this.keeper.atEnd = true;
    this.applyTheme();
    this.session.start();
    this.changed();
    if (takeFocus) void this.updateComplete.then(() => this.takeFocus());
  }

  close(): void {
    this.isOpen = false;
    this.requestUpdate();
  }

  /** Connects without opening if there is something to come back to, to learn what is unread. */
  listen(): void {
    if (this.session.client.hasConversation) this.session.start();
  }

  send(text: string): boolean {
    this.session.start();
    this.keeper.atEnd = true;
    return this.session.send(text);
  }

  setLocale(locale: Locale): void {
    this.session.setLocale(locale);
  }

  reset(): void {
    this.session.reset();
    if (this.composer) this.composer.text = "";
    if (this.host.mode === "page") this.session.start();
  }

  destroy(): void {
    clearTimeout(this.slowTimer);
    this.unfollow();
    this.session.destroy();
    this.remove();
  }

  keepDraft(text: string): void {
    this.session.draft = text;
  }

  page(direction: 1 | -1): void {
    this.keeper.page(direction);
  }

  protected override render(): TemplateResult {
    const { words, config } = this.session;
    return html`${this.preview && !this.isOpen ? this.previewOf(this.preview) : nothing}
      <section class="panel ${this.host.mode}" role="dialog" aria-label=${words.t("panel_label")}
        lang=${words.tag} ?hidden=${!this.isOpen} @keydown=${this.pressed}>
        ${headerView(this.session, () => this.host.close())}
        ${connectionBar(this.session, this.isSlow)}
        ${this.transcriptPlace()}
        <div class="bottom">
          ${this.hasNews && !this.keeper.atEnd ? this.newsView() : nothing}
          ${this.problemView()}
          <csb-composer .words=${words} .owner=${this} .limit=${config?.limits?.text ?? TEXT_LIMIT}
            .closed=${isFinal(this.session)}></csb-composer>
          ${this.footerView()}
        </div>
        ${this.announcer.region}
      </section>`;
  }

  protected override firstUpdated(): void {
    if (this.composer) this.composer.text = this.session.draft;
  }

  protected override updated(): void {
    this.keeper.update(this.session.client.items[0]?.key);
  }

  private applyTheme(): void {
    applyTheme(this.host.element, this.session.config?.theme?.color);
  }

  /** On touch screens the keyboard would cover the conversation before it is read. */
  private takeFocus(): void {
    if (matchMedia("(pointer: coarse)").matches) this.scroller?.focus();
    else this.composer?.focus();
  }

  private get composer(): Composer | null {
    return this.renderRoot.querySelector<Composer>("csb-composer");
  }

  private transcriptPlace(): TemplateResult {
    const { words, client } = this.session;
    return html`<div class="scroller" role="region" tabindex="0"
      aria-label=${words.t("transcript_label")} @scroll=${this.scrolled}>
      ${client.reachedStart ? nothing : this.earlierView()}
      ${transcriptView(this.session, Date.now())}
    </div>`;
  }

  private earlierView(): TemplateResult {
    return html`<button type="button" class="link earlier" @click=${() => void this.session.loadEarlier()}>
      ${this.session.words.t("earlier")}
    </button>`;
  }

  private newsView(): TemplateResult {
    const show = () => {
      this.keeper.toEnd();
      this.scrolled();
      this.composer?.focus();
    };
    return html`<button type="button" class="news" @click=${show}>
      ${icon("arrowDown")}${this.session.words.t("new_messages")}
    </button>`;
  }

  private problemView(): TemplateResult {
    const { problem, words } = this.session;
    return html`<p class="problem" role="status">${problem ? words.t(problem) : nothing}</p>`;
  }

  private footerView(): TemplateResult {
    const { t } = this.session.words;
    return html`<p class="footer">
      <button type="button" class="link" ?disabled=${isFinal(this.session)}
        @click=${() => this.send(t("human"))}>${t("human")}</button>
      <span aria-hidden="true">·</span><span>${t("disclaimer")}</span>
    </p>`;
  }

  private previewOf(message: MessageData): TemplateResult {
    const dismiss = () => {
      this.preview = null;
      this.requestUpdate();
    };
    return previewView(message, this.session, () => this.host.open(), dismiss);
  }

  private arrived(message: MessageData): void {
    const text = plainText(message.blocks);
    const name = this.session.botName(message.sender.name);
    this.host.emit("message", { message_id: message.message_id, text });
    if (!this.isOpen) this.preview = message;
    else if (!this.keeper.atEnd) this.hasNews = true;
    if (this.isOpen) this.announcer.say(`${name}: ${text}`, message.lang ?? languageOf(text));
  }

  private changed(): void {
    if (this.isOpen && !document.hidden && this.keeper.atEnd) this.session.client.markRead();
    this.host.showUnread(this.session.client.unread);
    this.watchConnecting();
    this.requestUpdate();
  }

  private watchConnecting(): void {
    const isConnecting = this.session.client.status.phase === "connecting";
    if (!isConnecting) {
      clearTimeout(this.slowTimer);
      this.slowTimer = 0;
      this.isSlow = false;
    } else if (this.slowTimer === 0) {
      this.slowTimer = window.setTimeout(() => {
        this.isSlow = true;
        this.requestUpdate();
      }, SLOW_MS);
    }
  }

  private scrolled(): void {
    const isNearStart = this.keeper.scrolled();
    if (isNearStart) void this.session.loadEarlier();
    if (!this.keeper.atEnd) return;
    if (this.hasNews) this.requestUpdate();
    this.hasNews = false;
    if (this.session.client.unread > 0) this.changed();
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    event.stopPropagation();
    this.host.close();
  }
}
