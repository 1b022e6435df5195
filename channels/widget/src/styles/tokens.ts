/** Colours, sizes and words of the look; light and dark. */

import { css } from "lit";

export const tokens = css`
  :host {
    --_bg: var(--csb-bg, #fff);
    --_surface: var(--csb-surface, #f2f4f7);
    --_text: var(--csb-text, #16191f);
    --_muted: var(--csb-muted, #5b6270);
    --_line: #e3e6eb;
    --_control-line: #858c99;
    --_accent-text: var(--csb-theme-text, #1d4ed8);
    --_bad: #b91c1c;
    --_bad-bg: #fef2f2;
    --_warn: #7a4100;
    --_warn-bg: #fff4dc;
    --_good: #15803d;
    --_radius: var(--csb-radius, 12px);
    --_font: var(--csb-font, system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif);
    --_size: var(--csb-font-size, 15px);
    --_shadow: 0 0 0 1px rgb(15 23 42 / 0.06), 0 4px 12px rgb(15 23 42 / 0.08), 0 16px 48px rgb(15 23 42 / 0.18);
    display: contents;
    color-scheme: light;
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme="light"])) {
      --_bg: var(--csb-bg, #1c1f26);
      --_surface: var(--csb-surface, #2a2e37);
      --_text: var(--csb-text, #eceef2);
      --_muted: var(--csb-muted, #a9b0bd);
      --_line: #353a45;
      --_control-line: #7d8593;
      --_accent-text: var(--csb-theme-text-dark, #8fb2ff);
      --_bad: #fca5a5;
      --_bad-bg: #3d2225;
      --_warn: #fcd38a;
      --_warn-bg: #3a2e18;
      --_good: #86d9a2;
      --_shadow: 0 0 0 1px rgb(255 255 255 / 0.08), 0 16px 48px rgb(0 0 0 / 0.5);
      color-scheme: dark;
    }
  }
  :host([theme="dark"]) {
    --_bg: var(--csb-bg, #1c1f26);
    --_surface: var(--csb-surface, #2a2e37);
    --_text: var(--csb-text, #eceef2);
    --_muted: var(--csb-muted, #a9b0bd);
    --_line: #353a45;
    --_control-line: #7d8593;
    --_accent-text: var(--csb-theme-text-dark, #8fb2ff);
    --_bad: #fca5a5;
    --_bad-bg: #3d2225;
    --_warn: #fcd38a;
    --_warn-bg: #3a2e18;
    --_good: #86d9a2;
    --_shadow: 0 0 0 1px rgb(255 255 255 / 0.08), 0 16px 48px rgb(0 0 0 / 0.5);
    color-scheme: dark;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  button,
  textarea,
  input,
  select {
    margin: 0;
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button {
    padding: 0;
    border: 0;
    background: none;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  h2,
  p,
  ol,
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 2px solid var(--_accent-text);
    outline-offset: 2px;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .icon {
    flex: none;
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .link {
    min-height: 24px;
    color: var(--_accent-text);
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 40%, transparent);
    text-underline-offset: 3px;
    border-radius: 4px;
  }
  .link:hover {
    text-decoration-color: currentColor;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
