/** The full-page chat says what to do when its address names no channel. */

const WORDS = {
  "zh-CN": "地址里缺少频道。请使用 /chat?key= 加上频道标识，例如 /chat?key=web_demo。",
  en: "The address names no channel. Add one to it, for example /chat?key=web_demo.",
};

const language = /^zh/i.test(navigator.language) ? "zh-CN" : "en";
document.documentElement.lang = language;
if (!new URLSearchParams(location.search).get("key")) {
  const line = document.createElement("p");
  line.className = "missing";
  line.textContent = WORDS[language];
  document.querySelector("main")?.append(line);
}
