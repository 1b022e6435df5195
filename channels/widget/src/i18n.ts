/** The widget's words in two languages. */

import en from "../locales/en.json";
import zh from "../locales/zh.json";
import type { Locale } from "./host.js";

export type Key = keyof typeof zh;
/** The names of messages that exist in one form per plural category. */
export type Counted = "unread" | "form_errors";

const WORDS: Record<Locale, Record<Key, string>> = { zh, en };
const TAGS: Record<Locale, string> = { zh: "zh-CN", en: "en" };

/** The words of one language, with `{name}` places filled in. */
export class Words {
  /** BCP 47 tag for `lang` and `Intl`. */
  readonly tag: string;

  constructor(readonly locale: Locale) {
    this.tag = TAGS[locale];
  }

  readonly t = (key: Key, places: Record<string, string | number> = {}): string =>
    WORDS[this.locale][key].replace(/\{(\w+)\}/g, (_, name: string) => String(places[name] ?? ""));

  /** The form that fits the number. */
  readonly count = (name: Counted, n: number): string => {
    const category = new Intl.PluralRules(this.tag).select(n) === "one" ? "one" : "other";
    return this.t(`${name}_${category}`, { n });
  };

  /** Whether there are words for this key. */
  has(key: string): key is Key {
    return key in WORDS[this.locale];
  }

  /** The text of the other language's switch is written in that language. */
  get other(): Locale {
    return this.locale === "zh" ? "en" : "zh";
  }
}

/** The language a text is written in, for screen readers: Chinese if it has any Han character. */
export function languageOf(text: string): string {
  return /[\u3400-\u9fff]/.test(text) ? "zh-CN" : "en";
}
