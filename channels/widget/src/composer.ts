/** Where the visitor writes. Safe with Chinese input methods: the Enter that confirms sends nothing. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "./icons.js";
import type { Words } from "./i18n.js";

const ROWS_AT_MOST = 5;
const COUNTER_FROM = 0.9;
const DEFAULT_LIMIT = 4_000;

/** What the composer asks of the panel. */
export interface ComposerOwner {
  /** Takes the text; false leaves it in the composer. */
  send(text: string): boolean;
  keepDraft(text: string): void;
  page(direction: 1 | -1): void;
}

export class Composer extends LitElement {
  static override properties = {
    words: { attribute: false },
    owner: { attribute: false },
    limit: { type: Number },
    closed: { type: Boolean },
    text: { state: true },
  };

  declare words: Words;
  declare owner: ComposerOwner;
  declare limit: number;
  /** True when nothing can be sent any more. */
  declare closed: boolean;
  declare text: string;
  private lastSent = "";

  constructor() {
    super();
    this.limit = DEFAULT_LIMIT;
    this.closed = false;
    this.text = "";
  }

  /** Drawn into the panel's own tree, so that its styles and labels reach it. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  get field(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  override focus(): void {
    this.field?.focus();
  }

  protected override render(): TemplateResult {
    const { t } = this.words;
    return html`<div class="composer">
      <textarea rows="1" aria-label=${t("composer_label")} placeholder=${t("composer_placeholder")}
        aria-describedby="csb-hint" enterkeyhint="send" ?disabled=${this.closed} .value=${live(this.text)}
        @input=${this.typed} @keydown=${this.pressed}></textarea>
      <button type="button" class="send" aria-label=${t("send")} title=${t("send")}
        ?disabled=${this.closed || this.text.trim() === "" || this.isTooLong} @click=${this.submit}>
        ${icon("send")}
      </button>
      <span id="csb-hint" class="hidden">${t("composer_hint")}</span>
      ${this.counterView()}
    </div>`;
  }

  protected override updated(): void {
    this.fit();
  }

  private get isTooLong(): boolean {
    return this.text.length > this.limit;
  }

  private counterView(): TemplateResult | typeof nothing {
    if (this.text.length < this.limit * COUNTER_FROM) return nothing;
    const places = { n: this.text.length, limit: this.limit };
    return html`<p class="counter ${this.isTooLong ? "over" : ""}" role="status">
      ${this.words.t("count", places)}
    </p>`;
  }

  private typed(event: Event): void {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.owner.keepDraft(this.text);
  }

  private pressed(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (this.text === "") this.pressedWhileEmpty(event);
  }

  private pressedWhileEmpty(event: KeyboardEvent): void {
    if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      this.owner.page(event.key === "PageDown" ? 1 : -1);
    } else if (event.key === "ArrowUp" && this.lastSent !== "") {
      event.preventDefault();
      this.text = this.lastSent;
    }
  }

  private submit(): void {
    const text = this.text.trim();
    if (this.closed || text === "" || this.isTooLong || !this.owner.send(text)) return;
    this.lastSent = text;
    this.text = "";
    this.owner.keepDraft("");
    this.focus();
  }

  /** Grows with the text, up to five rows. */
  private fit(): void {
    const { field } = this;
    if (!field) return;
    field.rows = 1;
    while (field.rows < ROWS_AT_MOST && field.scrollHeight > field.clientHeight) field.rows += 1;
  }
}

/**
 * Whether this key press belongs to an input method. Chrome and Firefox set `isComposing`; Safari
 * ends the composition first and marks the key with code 229, so both are asked.
 */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
