import { describe, expect, test } from "vitest";
import { isSafeLink, markdown } from "../src/markdown.js";

function html(text: string): string {
  const place = document.createElement("div");
  place.append(markdown(text));
  return place.innerHTML;
}

describe("what is understood", () => {
  test.each([
    ["**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>"],
    ["one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"],
    ["- a\n- **b**", "<ul><li>a</li><li><strong>b</strong></li></ul>"],
    ["1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"],
    ["3. c", '<ol start="3"><li>c</li></ol>'],
    ["> quoted\n> text", "<blockquote><p>quoted<br>text</p></blockquote>"],
    ["use `a < b`", "<p>use <code>a &lt; b</code></p>"],
    ["```\n**x**\n```", "<pre><code>**x**</code></pre>"],
    ["2 * 3 * 4", "<p>2 * 3 * 4</p>"],
  ])("%j", (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  test("a small table", () => {
    expect(html("| a | b |\n|---|---|\n| 1 | **2** |")).toBe(
      "<table><thead><tr><th>a</th><th>b</th></tr></thead>" +
        "<tbody><tr><td>1</td><td><strong>2</strong></td></tr></tbody></table>",
    );
  });

  test("links open elsewhere and tell nothing about this page", () => {
    const made = html("[rules](https://a.example/x) or https://b.example/y。");
    expect(made).toContain('href="https://a.example/x"');
    expect(made).toContain('target="_blank"');
    expect(made).toContain('rel="noopener noreferrer nofollow"');
    expect(made).toContain(">https://b.example/y</a>。");
  });
});

describe("what stays text", () => {
  test.each([
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert`1`)",
    "[x](data:text/html,hi)",
    "[x](//evil.example)",
    "[x](ftp://evil.example/file)",
  ])("%s", (text) => {
    const place = document.createElement("div");
    place.append(markdown(text));
    expect(place.querySelectorAll("a, img, script")).toHaveLength(0);
    expect(place.textContent).toBe(text);
  });

  test("an image becomes no request", () => {
    expect(html("![x](https://evil.example/track.png)")).not.toContain("<img");
  });
});

test("safe schemes are few", () => {
  const safe = ["https://a", "http://a", "mailto:a@b", "tel:110"].filter(isSafeLink);
  expect(safe).toHaveLength(4);
  expect(["javascript:x", "data:x", " https://a", "vbscript:x", "/path"].filter(isSafeLink)).toEqual([]);
});

test.each(["*", "**", "[", "`", "| a ", "> ", "[a](", "<", "_"])(
  "16,000 characters of %j take no time",
  (piece) => {
    const started = performance.now();
    markdown(piece.repeat(16_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(1_000);
  },
);
