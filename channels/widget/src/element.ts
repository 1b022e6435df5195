/** `<csb-chat>`: the round button with its badge, and everything else on demand. */

import type { Host, Locale, Panel, PanelModule } from "./host.js";
import { WORDS } from "./launcher-words.js";
import { CHAT_ICON, CLOSE_ICON, element, icon } from "./launcher-dom.js";
import { LAUNCHER_STYLES } from "./styles/launcher.js";

declare const __PANEL_FILE__: string;

/** Where the panel's files lie: beside the script that is running now. */
const SCRIPT_URL = (document.currentScript as HTMLScriptElement | null)?.src ?? document.baseURI;

/** `<csb-chat key="…">`: the chat on a page. */
export class ChatElement extends HTMLElement {
  /** Where the panel comes from; tests bring their own. */
  static loadPanel: () => Promise<PanelModule> = importPanel;

  private readonly root = this.attachShadow({ mode: "open" });
  private readonly button = element("button", { class: "launcher", type: "button" });
  private readonly badge = element("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  private readonly trouble = element("p", { class: "trouble", role: "alert", hidden: "" });
  private readonly pageLanguage = new MutationObserver(() => this.follow());
  private panel: Promise<Panel> | null = null;
  private isOpen = false;
  private unread = 0;
  private locale: Locale = "zh";

  constructor() {
    super();
    addStyles(this.root);
    this.button.append(icon(CHAT_ICON, "chat"), icon(CLOSE_ICON, "close"));
    this.button.addEventListener("click", () => void this.toggle());
    for (const event of ["pointerenter", "focus"]) {
      this.button.addEventListener(event, () => void this.load().catch(() => undefined));
    }
    this.root.append(this.trouble, this.button, this.badge);
  }

  connectedCallback(): void {
    this.locale = this.choice ?? localeOf(this.getAttribute("locale"));
    this.pageLanguage.observe(document.documentElement, { attributeFilter: ["lang"] });
    this.label();
    this.resume();
  }

  disconnectedCallback(): void {
    this.pageLanguage.disconnect();
    void this.panel?.then((panel) => panel.destroy());
    this.panel = null;
    this.isOpen = false;
    this.removeAttribute("open");
  }

  async open(takeFocus = true): Promise<void> {
    if (this.isOpen) return;
    this.setOpen(true);
    await this.ask((panel) => {
      panel.open(takeFocus);
      this.emit("open");
    });
  }

  async close(): Promise<void> {
    if (!this.isOpen || this.mode === "page") return;
    const hadFocus = this.root.activeElement !== null;
    this.setOpen(false);
    if (hadFocus) this.button.focus();
    await this.ask((panel) => panel.close());
    this.emit("close");
  }

  toggle(): Promise<void> {
    return this.isOpen ? this.close() : this.open();
  }

  /** Says something in the visitor's name. */
  send(text: string): Promise<void> {
    return this.ask((panel) => panel.send(text));
  }

  /** Shows another language, unless the visitor has chosen one in the panel. */
  setLocale(locale: string): void {
    this.setAttribute("locale", locale);
    this.follow();
  }

  /** Forgets the visitor, as on log-out, and closes. */
  async reset(): Promise<void> {
    await this.close();
    await this.ask((panel) => panel.reset());
  }

  on(event: string, listener: (detail: unknown) => void): void {
    this.addEventListener(`csb:${event}`, (happened) => listener((happened as CustomEvent).detail));
  }

  destroy(): void {
    this.remove();
  }

  private get key(): string {
    return this.getAttribute("key") ?? "";
  }

  private get mode(): "float" | "page" {
    return this.getAttribute("mode") === "page" ? "page" : "float";
  }

  /** The language the visitor has chosen, if any. */
  private get choice(): Locale | null {
    const chosen = remembered("localStorage", `csb:${this.key}:locale`);
    return chosen === null ? null : localeOf(chosen);
  }

  /** The page changed its language: so does the chat. */
  private follow(): void {
    const locale = this.choice ?? localeOf(this.getAttribute("locale"));
    if (locale === this.locale) return;
    this.locale = locale;
    this.label();
    void this.panel?.then((panel) => panel.setLocale(locale));
  }

  /** Comes back as it was left: open, or with unread messages. */
  private resume(): void {
    if (this.mode === "page" || remembered("sessionStorage", `csb:${this.key}:open`)) {
      void this.open(this.mode === "page");
      return;
    }
    const known = remembered("localStorage", `csb:${this.key}`)?.includes("conversation_id");
    if (!known && !remembered("localStorage", `csb:${this.key}:outbox`)) return;
    const later = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
    later(() => void this.load().catch(() => undefined));
  }

  /** Does something with the panel once it is there, or says that it did not come. */
  private async ask(act: (panel: Panel) => void): Promise<void> {
    try {
      act(await this.load());
    } catch (failure) {
      this.setOpen(false);
      this.trouble.textContent = WORDS[this.locale].failed;
      this.trouble.hidden = false;
      this.emit("error", { code: "load_failed", message: String(failure) });
    }
  }

  private load(): Promise<Panel> {
    this.trouble.hidden = true;
    this.panel ??= ChatElement.loadPanel().then(
      ({ mount }) => {
        const panel = mount(this.host());
        this.emit("ready");
        return panel;
      },
      (failure: unknown) => {
        this.panel = null;
        throw failure;
      },
    );
    return this.panel;
  }

  private host(): Host {
    return {
      element: this,
      root: this.root,
      key: this.key,
      origin: this.getAttribute("origin") ?? new URL(SCRIPT_URL).origin,
      mode: this.mode,
      locale: this.locale,
      open: () => void this.open(),
      close: () => void this.close(),
      showUnread: (count) => this.showUnread(count),
      showLocale: (locale) => {
        this.locale = locale;
        this.label();
      },
      emit: (name, detail) => this.emit(name, detail),
    };
  }

  private setOpen(open: boolean): void {
    this.isOpen = open;
    this.toggleAttribute("open", open);
    if (this.mode === "float") remember(`csb:${this.key}:open`, open);
    this.label();
  }

  private showUnread(count: number): void {
    if (count === this.unread) return;
    this.unread = count;
    this.badge.hidden = count === 0;
    this.badge.textContent = count > 9 ? "9+" : String(count);
    this.label();
    this.emit("unread", { count });
  }

  private label(): void {
    const words = WORDS[this.locale];
    const action = this.isOpen ? words.close : words.open;
    const unread = this.unread > 0 && !this.isOpen ? ` (${words.unread(this.unread)})` : "";
    this.button.setAttribute("aria-label", action + unread);
    this.button.setAttribute("aria-expanded", String(this.isOpen));
    this.button.lang = words.tag;
    this.trouble.lang = words.tag;
  }

  private emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(`csb:${name}`, { detail }));
  }
}

function importPanel(): Promise<PanelModule> {
  const url = new URL(__PANEL_FILE__, SCRIPT_URL).href;
  return import(/* @vite-ignore */ url) as Promise<PanelModule>;
}

function localeOf(wanted: string | null): Locale {
  const asked = wanted === "auto" ? "" : wanted;
  const tag = asked || document.documentElement.lang || navigator.language;
  return /^zh/i.test(tag) ? "zh" : "en";
}

function addStyles(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LAUNCHER_STYLES);
  root.adoptedStyleSheets = [sheet];
}

/** Storage may be blocked; then the widget starts closed and knows nothing. */
function remembered(store: "localStorage" | "sessionStorage", name: string): string | null {
  try {
    return window[store].getItem(name);
  } catch {
    return null;
  }
}

function remember(name: string, open: boolean): void {
  try {
    if (open) sessionStorage.setItem(name, "1");
    else sessionStorage.removeItem(name);
  } catch {
    // Without storage the panel simply starts closed on the next page.
  }
}
