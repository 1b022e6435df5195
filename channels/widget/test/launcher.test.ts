import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startApi } from "../src/api.js";
import { ChatElement } from "../src/element.js";
import type { Host, Panel } from "../src/host.js";

if (!customElements.get("csb-chat")) customElements.define("csb-chat", ChatElement);

/** A panel that writes down what it is asked to do. */
class FakePanel implements Panel {
  static newest: FakePanel | null = null;
  readonly asked: unknown[][] = [];

  constructor(readonly host: Host) {
    FakePanel.newest = this;
  }

  open = (takeFocus: boolean): void => void this.asked.push(["open", takeFocus]);
  close = (): void => void this.asked.push(["close"]);
  send = (text: string): void => void this.asked.push(["send", text]);
  setLocale = (locale: string): void => void this.asked.push(["setLocale", locale]);
  reset = (): void => void this.asked.push(["reset"]);
  destroy = (): void => void this.asked.push(["destroy"]);
}

function script(data: Record<string, string>): HTMLScriptElement {
  const made = document.createElement("script");
  Object.assign(made.dataset, data);
  return made;
}

function chat(): ChatElement {
  const found = document.querySelector<ChatElement>("csb-chat");
  if (!found) throw new Error("there is no chat on the page");
  return found;
}

function launcher(): HTMLButtonElement {
  return chat().shadowRoot?.querySelector(".launcher") as HTMLButtonElement;
}

async function settle(): Promise<void> {
  for (let round = 0; round < 10; round++) await Promise.resolve();
}

let loads = 0;

beforeEach(() => {
  loads = 0;
  FakePanel.newest = null;
  ChatElement.loadPanel = () => {
    loads += 1;
    return Promise.resolve({ mount: (host: Host) => new FakePanel(host) });
  };
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
  document.documentElement.lang = "";
  localStorage.clear();
  sessionStorage.clear();
  delete window.csb;
});

describe("the script tag", () => {
  test("puts one launcher on the page and loads nothing else", () => {
    startApi(script({ key: "web_demo", locale: "en" }));
    expect(launcher().getAttribute("aria-label")).toBe("Open chat");
    expect(launcher().getAttribute("aria-expanded")).toBe("false");
    expect(loads).toBe(0);
  });

  test("without a key does nothing", () => {
    startApi(script({}));
    expect(document.querySelector("csb-chat")).toBeNull();
  });

  test("in page mode takes the key from the address and opens at once", async () => {
    history.replaceState(null, "", "/chat?key=web_page");
    startApi(script({ mode: "page" }));
    history.replaceState(null, "", "/");
    await settle();
    expect(chat().getAttribute("key")).toBe("web_page");
    expect(FakePanel.newest?.asked).toEqual([["open", true]]);
    await chat().close();
    expect(FakePanel.newest?.asked).toHaveLength(1);
  });

  test("uses an element that is already there", () => {
    document.body.innerHTML = '<csb-chat key="mine"></csb-chat>';
    startApi(script({ key: "web_demo" }));
    expect(document.querySelectorAll("csb-chat")).toHaveLength(1);
    expect(chat().getAttribute("key")).toBe("mine");
  });

  test("calls made before it ran are answered in order", async () => {
    const queue = Object.assign(() => undefined, { q: [["open"], ["send", "Where is it?"]] });
    window.csb = queue;
    startApi(script({ key: "web_demo" }));
    await settle();
    expect(FakePanel.newest?.asked).toEqual([["open", true], ["send", "Where is it?"]]);
  });

  test("a call that does not exist says which do", () => {
    startApi(script({ key: "web_demo" }));
    expect(() => window.csb?.("fly")).toThrow(/no "fly"; there are open, close/);
  });
});

describe("the launcher", () => {
  test("loads the panel once, when it is wanted", async () => {
    startApi(script({ key: "web_demo" }));
    launcher().dispatchEvent(new Event("pointerenter"));
    launcher().dispatchEvent(new Event("focus"));
    launcher().click();
    await settle();
    expect(loads).toBe(1);
    expect(FakePanel.newest?.asked).toEqual([["open", true]]);
    expect(launcher().getAttribute("aria-expanded")).toBe("true");
  });

  test("shows how many messages are unread, and says so", async () => {
    startApi(script({ key: "web_demo", locale: "zh" }));
    const counts: unknown[] = [];
    window.csb?.("on", "unread", (detail: unknown) => counts.push(detail));
    window.csb?.("send", "x");
    await settle();
    FakePanel.newest?.host.showUnread(12);
    expect(chat().shadowRoot?.querySelector(".badge")?.textContent).toBe("9+");
    expect(launcher().getAttribute("aria-label")).toBe("打开在线客服 (12 条未读消息)");
    expect(counts).toEqual([{ count: 12 }]);
  });

  test("says so when the panel does not load, and tries again on the next click", async () => {
    ChatElement.loadPanel = () => Promise.reject(new Error("blocked"));
    startApi(script({ key: "web_demo", locale: "en" }));
    const errors: unknown[] = [];
    window.csb?.("on", "error", (detail: unknown) => errors.push(detail));
    launcher().click();
    await settle();
    const trouble = chat().shadowRoot?.querySelector<HTMLElement>(".trouble");
    expect(trouble?.hidden).toBe(false);
    expect(trouble?.textContent).toContain("check your connection");
    expect(errors).toEqual([{ code: "load_failed", message: "Error: blocked" }]);

    ChatElement.loadPanel = () =>
      Promise.resolve({ mount: (host: Host) => new FakePanel(host) });
    launcher().click();
    await settle();
    expect(trouble?.hidden).toBe(true);
    expect(FakePanel.newest?.asked).toEqual([["open", true]]);
  });

  test("comes back open after a reload, without taking the focus", async () => {
    sessionStorage.setItem("csb:web_demo:open", "1");
    startApi(script({ key: "web_demo" }));
    await settle();
    expect(FakePanel.newest?.asked).toEqual([["open", false]]);
  });

  test("reset closes first and leaves no note of having been open", async () => {
    startApi(script({ key: "web_demo" }));
    window.csb?.("open");
    await settle();
    window.csb?.("reset");
    await settle();
    expect(FakePanel.newest?.asked.slice(1)).toEqual([["close"], ["reset"]]);
    expect(Object.keys({ ...sessionStorage })).toEqual([]);
  });

  test("survives a page without storage", async () => {
    const refuse = (): never => {
      throw new Error("denied");
    };
    const denied = { getItem: refuse, setItem: refuse, removeItem: refuse };
    vi.stubGlobal("localStorage", denied);
    vi.stubGlobal("sessionStorage", denied);
    startApi(script({ key: "web_demo" }));
    launcher().click();
    await settle();
    expect(FakePanel.newest?.asked).toEqual([["open", true]]);
  });
});

test("an element that is moved on the page comes back as it was", async () => {
  startApi(script({ key: "web_demo" }));
  window.csb?.("open");
  await settle();
  const first = FakePanel.newest;
  document.body.append(chat());
  await settle();
  expect(first?.asked.pop()).toEqual(["destroy"]);
  expect(FakePanel.newest?.asked).toEqual([["open", false]]);
  expect(chat().shadowRoot?.querySelectorAll(".launcher svg")).toHaveLength(2);
});

describe("the language", () => {
  test("is the page's, and follows it", async () => {
    document.documentElement.lang = "zh-CN";
    startApi(script({ key: "web_demo", locale: "auto" }));
    expect(launcher().getAttribute("aria-label")).toBe("打开在线客服");
    document.documentElement.lang = "en";
    await vi.waitFor(() => expect(launcher().getAttribute("aria-label")).toBe("Open chat"));
  });

  test("that the visitor chose wins over the page and its script", () => {
    localStorage.setItem("csb:web_demo:locale", "en");
    startApi(script({ key: "web_demo", locale: "zh" }));
    window.csb?.("setLocale", "zh");
    expect(launcher().getAttribute("aria-label")).toBe("Open chat");
  });
});
