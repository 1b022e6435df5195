/** What the launcher and the lazily loaded panel know of each other. */

export type Locale = "zh" | "en";

/** The launcher's side. */
export interface Host {
  element: HTMLElement;
  root: ShadowRoot;
  key: string;
  /** Scheme, host and port of the server. */
  origin: string;
  /** `float`: a button with a panel; `page`: the panel fills the page. */
  mode: "float" | "page";
  locale: Locale;
  close(): void;
  open(): void;
  showUnread(count: number): void;
  showLocale(locale: Locale): void;
  emit(name: string, detail?: unknown): void;
}

/** The panel's side. */
export interface Panel {
  open(takeFocus: boolean): void;
  close(): void;
  send(text: string): void;
  setLocale(locale: Locale): void;
  reset(): void;
  destroy(): void;
}

/** The module that the launcher loads on demand. */
export interface PanelModule {
  mount(host: Host): Panel;
}
