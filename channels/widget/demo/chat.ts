/** The full-page chat says what to do when its address names no channel. */

const WORDS = "地址里缺少频道，请使用 /chat?key=频道标识。 The address names no channel: use /chat?key=CHANNEL.";

const search = new URLSearchParams(location.search);
document.documentElement.lang = /^zh/i.test(navigator.language) ? "zh-CN" : "en";
if (!search.get("key")) {
  const line = document.createElement("p");
  line.className = "missing";
  line.textContent = WORDS;
  document.querySelector("main")?.append(line);
}
