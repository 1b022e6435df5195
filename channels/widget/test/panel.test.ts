import { afterEach, describe, expect, test, vi } from "vitest";
import { Stage, wordsOf } from "./fakes.js";

const TEXT = [{ kind: "text", text: "一般 48 小时内发货。" }];

afterEach(() => {
  vi.useRealTimers();
});

test("greets in the reader's language and offers questions to ask", async () => {
  const stage = await new Stage("en").live();
  expect(wordsOf(stage.one(".bubble"))).toBe("Hello");
  await stage.click("button.choice");
  expect(stage.sent("message.send")?.data).toEqual({ text: "Can I return this?" });
});

test("an own message shows a clock, then a check", async () => {
  const stage = await new Stage().live();
  await stage.type("在吗");
  expect(wordsOf(stage.one(".mine .delivery"))).toBe("发送中");
  stage.say({ type: "ack", re: stage.sent("message.send")?.id ?? "", data: {} });
  await stage.settle();
  expect(wordsOf(stage.one(".mine .delivery"))).toBe("已送达");
});

test("a message that was refused can be sent again or deleted", async () => {
  const stage = await new Stage().live();
  await stage.type("太长");
  const id = stage.sent("message.send")?.id ?? "";
  stage.say({ type: "error", re: id, data: { code: "too_long", retryable: false } });
  await stage.settle();
  expect(wordsOf(stage.one(".failure"))).toContain("未发送：内容太长");
  await stage.click(".failure .link:nth-of-type(2)");
  expect(stage.all(".mine")).toHaveLength(0);
});

test("the way to a human is a message like any other", async () => {
  const stage = await new Stage().live();
  await stage.click(".footer .link");
  expect(stage.sent("message.send")?.data).toEqual({ text: "转人工" });
});

describe("arrival", () => {
  test("never moves the focus", async () => {
    const stage = await new Stage().live();
    const before = stage.root.activeElement;
    expect(before?.tagName).toBe("TEXTAREA");
    await stage.answer(TEXT);
    expect(stage.root.activeElement).toBe(before);
  });

  test("is told once in the live region, which is empty a second later", async () => {
    vi.useFakeTimers();
    const stage = await new Stage().live();
    await stage.answer(TEXT);
    expect(wordsOf(stage.one("[role=log]"))).toBe("小助手: 一般 48 小时内发货。");
    vi.advanceTimersByTime(1_000);
    expect(wordsOf(stage.one("[role=log]"))).toBe("");
  });

  test("while closed raises the badge and shows a preview", async () => {
    const stage = await new Stage().live();
    await stage.answer(TEXT);
    stage.panel.close();
    await stage.answer(TEXT);
    expect(stage.unread).toBe(1);
    expect(wordsOf(stage.one(".preview"))).toContain("48 小时内");
    stage.panel.open(true);
    await stage.settle();
    expect(stage.unread).toBe(0);
  });

  test("typing shows until the answer is there", async () => {
    const stage = await new Stage().live();
    stage.say({ type: "typing", data: { by: "bot", on: true } });
    await stage.settle();
    expect(stage.all(".typing")).toHaveLength(1);
    await stage.answer(TEXT);
    expect(stage.all(".typing")).toHaveLength(0);
  });
});

describe("connection", () => {
  test("connecting is worth a word only after 800 ms", async () => {
    vi.useFakeTimers();
    const stage = new Stage();
    stage.panel.open(true);
    await stage.settle();
    expect(stage.all(".bar")).toHaveLength(0);
    vi.advanceTimersByTime(800);
    await stage.settle();
    expect(wordsOf(stage.one(".bar"))).toBe("正在连接…");
  });

  test("a message written meanwhile waits and is sent with the handshake", async () => {
    const stage = new Stage();
    stage.panel.open(true);
    await stage.settle();
    await stage.type("在吗");
    expect(stage.sent("message.send")).toBeUndefined();
    expect(wordsOf(stage.one(".mine .delivery"))).toBe("发送中");
    await stage.live();
    expect(stage.sent("message.send")?.data).toEqual({ text: "在吗" });
  });

  test("a lost line is said, with a way to try now", async () => {
    const stage = await new Stage().live();
    await stage.drop(1006);
    expect(wordsOf(stage.one(".bar"))).toBe("连接中断，正在重新连接 重试");
    expect(wordsOf(stage.one(".state"))).toBe("未连接");
  });

  test.each([
    [4409, "会话已在其他窗口打开 在此继续", false],
    [4403, "当前网站暂时不能使用在线客服", true],
    [4404, "在线客服暂未开放", true],
    [4426, "页面有更新，刷新后即可继续 刷新页面", true],
    [4401, "连接中", false],
  ])("close code %i", async (code, words, isFinal) => {
    const stage = await new Stage().live();
    await stage.drop(code);
    const bar = stage.all(".bar")[0];
    expect(bar ? wordsOf(bar) : wordsOf(stage.one(".state"))).toBe(words);
    expect(stage.one<HTMLTextAreaElement>("textarea").disabled).toBe(isFinal);
  });

  test("an answer that failed on the server is said", async () => {
    const stage = await new Stage().live();
    stage.say({ type: "error", data: { code: "internal", message: "x", retryable: true } });
    await stage.settle();
    expect(wordsOf(stage.one(".problem"))).toBe("这条消息暂时没有得到回答，请稍后再试");
  });
});

test("the language switch changes every word at once and is kept", async () => {
  const stage = await new Stage("zh").live();
  await stage.click(".header .tool");
  expect(stage.one(".panel").lang).toBe("en");
  expect(wordsOf(stage.one(".footer .link"))).toBe("Talk to a human");
  expect(wordsOf(stage.one(".state"))).not.toMatch(/[\u3400-\u9fff]/);
  expect(localStorage.getItem("csb:web_demo:locale")).toBe("en");
});

test("Escape asks the host to close", async () => {
  const stage = await new Stage().live();
  stage.one("textarea").dispatchEvent(
    new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }),
  );
  expect(stage.closed).toBe(1);
});

test("reset leaves no trace in storage", async () => {
  const stage = await new Stage().live();
  await stage.type("draft", { key: "a" });
  await stage.click(".header .tool");
  stage.panel.close();
  stage.panel.reset();
  const left = Object.keys({ ...localStorage }).filter((key) => key.startsWith("csb:"));
  expect(left).toEqual([]);
});
