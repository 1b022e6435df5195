import { expect, test } from "vitest";
import en from "../locales/en.json";
import zh from "../locales/zh.json";
import { languageOf, Words } from "../src/i18n.js";
import { isPause, timeLine } from "../src/times.js";

test("both languages have the same keys, and no empty word", () => {
  expect(Object.keys(en)).toEqual(Object.keys(zh));
  expect(Object.values({ ...zh, ...en }).filter((word) => word.trim() === "")).toEqual([]);
});

test("both languages have the same places in every sentence", () => {
  const places = (words: Record<string, string>) =>
    Object.entries(words).map(([key, word]) => [key, [...word.matchAll(/\{\w+\}/g)].join()]);
  expect(places(en)).toEqual(places(zh));
});

test("Chinese is Chinese and English is English, but for the language switch", () => {
  const chinese = Object.entries(en).filter(([, word]) => languageOf(word) === "zh-CN");
  expect(chinese.map(([key]) => key)).toEqual(["language_switch", "language_short"]);
});

test("every word is used somewhere", () => {
  const sources = import.meta.glob<string>("../src/**/*.ts", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const code = Object.values(sources).join("\n");
  const whole = (key: string) => code.includes(`"${key}"`) || code.includes(`.${key}`);
  const composed = ["status_", "stopped_", "failed_", "form_", "unread_"];
  const isUsed = (key: string) => whole(key) || composed.some((start) => key.startsWith(start));
  expect(Object.keys(zh).filter((key) => !isUsed(key))).toEqual([]);
});

test("numbers choose the plural form", () => {
  expect(new Words("en").count("unread", 1)).toBe("1 unread message");
  expect(new Words("en").count("unread", 3)).toBe("3 unread messages");
  expect(new Words("zh").count("unread", 1)).toBe("1 条未读消息");
});

test("time lines name today, yesterday and other days", () => {
  const now = new Date(2026, 10, 23, 10, 21).getTime();
  const hours = (count: number) => now - count * 3_600_000;
  expect(timeLine(now, now, new Words("zh"))).toBe("今天 10:21");
  expect(timeLine(hours(24), now, new Words("en"))).toBe("Yesterday 10:21");
  expect(timeLine(hours(240), now, new Words("zh"))).toBe("11月13日 10:21");
});

test("ten minutes, or midnight, make a pause", () => {
  const at = new Date(2026, 10, 23, 23, 58).getTime();
  expect(isPause(undefined, at)).toBe(true);
  expect(isPause(at, at + 60_000)).toBe(false);
  expect(isPause(at, at + 3 * 60_000)).toBe(true);
  expect(isPause(at - 11 * 60_000, at)).toBe(true);
});
