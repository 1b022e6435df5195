/** The few words the launcher needs before the rest is loaded, from the same locale files. */

import * as en from "../locales/en.json";
import * as zh from "../locales/zh.json";

export const WORDS = {
  zh: {
    tag: "zh-CN",
    open: zh.launcher_open,
    close: zh.launcher_close,
    failed: zh.launcher_failed,
    unread: (n: number) => zh.unread_other.replace("{n}", String(n)),
  },
  en: {
    tag: "en",
    open: en.launcher_open,
    close: en.launcher_close,
    failed: en.launcher_failed,
    unread: (n: number) =>
      (n === 1 ? en.unread_one : en.unread_other).replace("{n}", String(n)),
  },
};
