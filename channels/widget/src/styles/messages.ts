/** Bubbles, time lines, delivery marks, feedback. */

import { css } from "lit";

export const messageStyles = css`
  .items {
    display: flex;
    flex-direction: column;
    gap: 4px;
  }
  .time {
    margin: 16px 0 4px;
    color: var(--_muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    text-align: center;
  }
  .items > .time:first-child {
    margin-top: 0;
  }
  .message {
    position: relative;
    display: flex;
    max-width: 100%;
  }
  .message:lang(zh) {
    line-height: 1.6;
  }
  .message:lang(en) {
    line-height: 1.5;
  }
  .message.first {
    margin-top: 12px;
  }
  .items > .message:first-child,
  .time + .message.first {
    margin-top: 4px;
  }
  .theirs {
    padding-inline-start: 40px;
  }
  .mine {
    justify-content: flex-end;
    padding-inline-start: 48px;
  }
  .system {
    justify-content: center;
    margin: 8px 0;
  }
  .avatar {
    position: absolute;
    inset-block-start: 4px;
    inset-inline-start: 0;
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 50%;
    background: var(--_color);
    color: var(--_on-color);
  }
  .avatar .icon {
    width: 18px;
    height: 18px;
  }
  .avatar.large {
    position: static;
    flex: none;
    width: 36px;
    height: 36px;
  }
  .avatar.large .icon {
    width: 21px;
    height: 21px;
  }
  .content {
    display: flex;
    flex-direction: column;
    gap: 8px;
    align-items: flex-start;
    min-width: 0;
    max-width: 100%;
  }
  .theirs .content {
    flex: 1;
  }
  .mine .content {
    flex-flow: row-reverse wrap;
    gap: 4px 8px;
    align-items: flex-end;
  }
  .bubble {
    max-width: 100%;
    padding: 8px 12px;
    border-radius: 12px;
    background: var(--_surface);
    overflow-wrap: anywhere;
  }
  .theirs.first .bubble:first-of-type {
    border-start-start-radius: 4px;
  }
  .mine .bubble {
    background: var(--_color);
    color: var(--_on-color);
  }
  .mine.first .bubble {
    border-start-end-radius: 4px;
  }
  .mine.failed .bubble {
    background: var(--_bad-bg);
    color: var(--_text);
    box-shadow: inset 0 0 0 1px var(--_bad);
  }
  .plain {
    white-space: pre-wrap;
  }
  .rich > * + * {
    margin-top: 8px;
  }
  .rich ul,
  .rich ol {
    padding-inline-start: 1.4em;
  }
  .rich ul {
    list-style: disc;
  }
  .rich ol {
    list-style: decimal;
  }
  .rich li + li {
    margin-top: 4px;
  }
  .rich a {
    color: var(--_accent-text);
    text-underline-offset: 3px;
  }
  .rich code {
    padding: 1px 4px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--_text) 9%, transparent);
    font: 0.9em ui-monospace, "SF Mono", Menlo, Consolas, monospace;
  }
  .rich pre {
    margin: 8px 0 0;
    overflow-x: auto;
  }
  .rich pre code {
    display: block;
    padding: 8px;
  }
  .rich blockquote {
    margin: 8px 0 0;
    padding-inline-start: 12px;
    border-inline-start: 3px solid var(--_control-line);
    color: var(--_muted);
  }
  .rich table {
    display: block;
    max-width: 100%;
    overflow-x: auto;
    border-collapse: collapse;
    font-size: 14px;
  }
  .rich th,
  .rich td {
    padding: 4px 12px 4px 0;
    border-bottom: 1px solid var(--_line);
    text-align: start;
    vertical-align: top;
  }
  .notice {
    color: var(--_muted);
    font-size: 13px;
    text-align: center;
  }
  .delivery {
    display: flex;
    align-self: flex-end;
    margin-bottom: 4px;
    color: var(--_muted);
  }
  .delivery .icon {
    width: 14px;
    height: 14px;
  }
  .failure {
    display: flex;
    flex-basis: 100%;
    flex-wrap: wrap;
    gap: 0 8px;
    align-items: center;
    justify-content: flex-end;
    color: var(--_bad);
    font-size: 13px;
  }
  .failure .icon {
    width: 16px;
    height: 16px;
    margin-inline-end: -4px;
  }
  .feedback {
    display: flex;
    gap: 4px;
    align-items: center;
    min-height: 32px;
    margin-top: -4px;
    color: var(--_muted);
    font-size: 13px;
  }
  .feedback span {
    margin-inline-end: 4px;
  }
  .thumb {
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 8px;
  }
  .thumb .icon {
    width: 18px;
    height: 18px;
  }
  .thumb:hover {
    background: var(--_surface);
    color: var(--_text);
  }
  .thumb[aria-pressed="true"] {
    background: color-mix(in srgb, var(--_accent-text) 14%, transparent);
    color: var(--_accent-text);
  }
  .thumb[aria-pressed="true"] path {
    fill: color-mix(in srgb, currentColor 24%, transparent);
  }
  .dots {
    display: flex;
    gap: 4px;
    align-items: center;
    height: 24px;
  }
  .dots i {
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: var(--_muted);
    animation: breathe 1.2s ease-in-out infinite;
  }
  .dots i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .dots i:nth-child(3) {
    animation-delay: 0.3s;
  }
  @keyframes breathe {
    0%,
    60%,
    100% {
      opacity: 0.35;
    }
    30% {
      opacity: 1;
    }
  }
  @media (forced-colors: active) {
    .bubble,
    .thumb[aria-pressed="true"] {
      border: 1px solid CanvasText;
    }
  }
`;
