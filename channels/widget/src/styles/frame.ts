/** The window around the conversation: panel, header, bars, composer, footer, preview. */

import { css } from "lit";

export const frameStyles = css`
  .panel {
    position: fixed;
    inset-inline-end: calc(var(--_x) + env(safe-area-inset-right, 0px));
    inset-block-end: calc(var(--_y) + var(--_launcher) + 16px + env(safe-area-inset-bottom, 0px));
    z-index: var(--_z);
    display: flex;
    flex-direction: column;
    width: var(--csb-width, 400px);
    max-width: calc(100vw - 2 * var(--_x));
    height: var(--csb-height, 640px);
    max-height: calc(100dvh - var(--_y) - var(--_launcher) - 32px);
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_bg);
    color: var(--_text);
    box-shadow: var(--_shadow);
    font: var(--_size) / 1.6 var(--_font);
    text-align: start;
    transform-origin: bottom right;
    animation: appear 0.2s cubic-bezier(0.2, 0.8, 0.3, 1);
  }
  .panel:lang(en) {
    line-height: 1.5;
  }
  @keyframes appear {
    from {
      opacity: 0;
      transform: translateY(8px) scale(0.98);
    }
  }
  .header {
    display: flex;
    flex: none;
    gap: 12px;
    align-items: center;
    min-height: 64px;
    padding: 8px 8px 8px 16px;
    border-bottom: 1px solid var(--_line);
  }
  .title {
    flex: 1;
    min-width: 0;
  }
  .title h2 {
    overflow: hidden;
    font-size: 16px;
    font-weight: 600;
    line-height: 1.4;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .state {
    display: flex;
    gap: 6px;
    align-items: center;
    color: var(--_muted);
    font-size: 13px;
    line-height: 1.4;
  }
  .dot {
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: #d97706;
  }
  .online .dot {
    background: #16a34a;
  }
  .offline .dot {
    background: var(--_control-line);
  }
  .tool {
    display: grid;
    flex: none;
    place-items: center;
    min-width: 40px;
    height: 40px;
    border-radius: 8px;
    color: var(--_muted);
    font-size: 14px;
    font-weight: 600;
  }
  .tool:hover {
    background: var(--_surface);
    color: var(--_text);
  }
  .header .tool + .tool {
    margin-inline-start: -8px;
  }
  .bar {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    padding: 8px 16px;
    background: var(--_surface);
    color: var(--_muted);
    font-size: 13px;
    line-height: 1.5;
  }
  .bar .link {
    flex: none;
    color: inherit;
    font-weight: 600;
  }
  .bar.warning {
    background: var(--_warn-bg);
    color: var(--_warn);
  }
  .scroller {
    flex: 1;
    min-height: 0;
    padding: 16px;
    overflow-x: hidden;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_line) transparent;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .earlier {
    display: block;
    margin: 0 auto 12px;
    font-size: 13px;
  }
  .bottom {
    position: relative;
    flex: none;
    padding: 8px 16px calc(8px + env(safe-area-inset-bottom, 0px));
    border-top: 1px solid var(--_line);
  }
  .news {
    position: absolute;
    inset-block-end: calc(100% + 12px);
    inset-inline-start: 50%;
    display: flex;
    gap: 4px;
    align-items: center;
    height: 36px;
    padding: 0 16px 0 12px;
    transform: translateX(-50%);
    border-radius: 18px;
    background: var(--_color);
    color: var(--_on-color);
    font-size: 14px;
    font-weight: 500;
    white-space: nowrap;
    box-shadow: 0 4px 16px rgb(15 23 42 / 0.24);
  }
  .news .icon {
    width: 16px;
    height: 16px;
  }
  .problem:not(:empty) {
    padding-bottom: 4px;
    color: var(--_bad);
    font-size: 13px;
  }
  csb-composer {
    display: block;
  }
  .composer {
    position: relative;
    display: flex;
    gap: 8px;
    align-items: flex-end;
    padding: 4px 4px 4px 12px;
    border: 1px solid var(--_control-line);
    border-radius: 12px;
    background: var(--_bg);
  }
  .composer:focus-within {
    border-color: var(--_accent-text);
    box-shadow: 0 0 0 1px var(--_accent-text);
  }
  .composer textarea {
    flex: 1;
    min-width: 0;
    padding: 8px 0;
    border: 0;
    outline: 0;
    background: none;
    font-size: 16px;
    line-height: 24px;
    resize: none;
  }
  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .send {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 8px;
    background: var(--_color);
    color: var(--_on-color);
  }
  .send:disabled {
    background: var(--_surface);
    color: var(--_muted);
    cursor: default;
  }
  .counter {
    position: absolute;
    inset-block-start: -20px;
    inset-inline-end: 4px;
    padding: 0 4px;
    border-radius: 4px;
    background: var(--_bg);
    color: var(--_muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .counter.over {
    color: var(--_bad);
    font-weight: 600;
  }
  .footer {
    display: flex;
    gap: 8px;
    align-items: center;
    justify-content: center;
    padding-top: 4px;
    color: var(--_muted);
    font-size: 12px;
    line-height: 24px;
  }
  .preview {
    position: fixed;
    inset-inline-end: calc(var(--_x) + env(safe-area-inset-right, 0px));
    inset-block-end: calc(var(--_y) + var(--_launcher) + 16px + env(safe-area-inset-bottom, 0px));
    z-index: var(--_z);
    display: flex;
    align-items: flex-start;
    width: max-content;
    max-width: min(320px, calc(100vw - 2 * var(--_x)));
    padding: 4px;
    border-radius: var(--_radius);
    background: var(--_bg);
    color: var(--_text);
    box-shadow: var(--_shadow);
    font: 14px / 1.5 var(--_font);
    animation: appear 0.2s ease-out;
  }
  .preview-text {
    display: grid;
    gap: 2px;
    min-width: 0;
    padding: 8px 4px 8px 12px;
    border-radius: 8px;
    text-align: start;
  }
  .preview-text span {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .panel.page {
    inset: 0;
    width: auto;
    max-width: none;
    height: auto;
    max-height: none;
    border-radius: 0;
    box-shadow: none;
    animation: none;
  }
  .page .header,
  .page .bar,
  .page .scroller,
  .page .bottom {
    padding-inline: max(16px, calc(50% - 368px));
  }
  @media (max-width: 666px) {
    .panel {
      inset: var(--_shift, 0) 0 auto;
      width: 100vw;
      max-width: none;
      height: var(--_visible, 100dvh);
      max-height: none;
      border-radius: 0;
      box-shadow: none;
    }
    .header {
      min-height: 48px;
      padding-block: calc(4px + env(safe-area-inset-top, 0px)) 4px;
    }
    .preview {
      animation: none;
    }
  }
  @media (forced-colors: active) {
    .panel,
    .preview,
    .composer,
    .send,
    .news {
      border: 1px solid CanvasText;
    }
    .dot {
      forced-color-adjust: none;
    }
  }
`;
