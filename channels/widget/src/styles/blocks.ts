/** Buttons, did-you-mean lists, forms, pictures. */

import { css } from "lit";

export const blockStyles = css`
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    max-width: 100%;
  }
  .choice {
    display: inline-flex;
    gap: 4px;
    align-items: center;
    min-height: 36px;
    max-width: 100%;
    padding: 4px 12px;
    border: 1px solid var(--_accent-text);
    border-radius: 8px;
    background: var(--_bg);
    color: var(--_accent-text);
    font-size: 14px;
    line-height: 1.4;
    text-align: start;
    text-decoration: none;
    transition: background 0.12s ease;
  }
  .choice:hover {
    background: color-mix(in srgb, var(--_accent-text) 8%, var(--_bg));
  }
  .choice.primary {
    border-color: var(--_color);
    background: var(--_color);
    color: var(--_on-color);
  }
  .choice[aria-disabled="true"] {
    border-color: var(--_line);
    background: var(--_surface);
    color: var(--_muted);
    cursor: default;
  }
  .choice[aria-pressed="true"] {
    border-color: var(--_accent-text);
    color: var(--_accent-text);
    font-weight: 600;
  }
  .choice .icon {
    width: 16px;
    height: 16px;
  }
  .suggest {
    width: 100%;
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_bg);
  }
  .suggest li + li {
    border-top: 1px solid var(--_line);
  }
  .row {
    display: flex;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    width: 100%;
    min-height: 44px;
    padding: 8px 12px 8px 16px;
    color: var(--_accent-text);
    line-height: 1.45;
    text-align: start;
  }
  .row:hover {
    background: var(--_surface);
  }
  .row:focus-visible {
    outline-offset: -2px;
    border-radius: 12px;
  }
  .row.none,
  .row .icon {
    color: var(--_muted);
  }
  .row .icon {
    width: 16px;
    height: 16px;
  }
  .row[aria-disabled="true"] {
    background: none;
    color: var(--_muted);
    cursor: default;
  }
  .row[aria-disabled="true"]:not([aria-pressed="true"]) .icon {
    visibility: hidden;
  }
  .row[aria-pressed="true"] {
    background: color-mix(in srgb, var(--_accent-text) 10%, transparent);
    color: var(--_accent-text);
    font-weight: 600;
  }
  .row[aria-pressed="true"] .icon {
    color: inherit;
  }
  .form {
    display: flex;
    flex-direction: column;
    gap: 12px;
    width: 100%;
    padding: 16px;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_bg);
  }
  .form-title {
    font-weight: 600;
  }
  .form-summary:not(:has(.icon)) {
    display: none;
  }
  .form-summary,
  .error {
    display: flex;
    gap: 4px;
    align-items: flex-start;
    color: var(--_bad);
    font-size: 13px;
    line-height: 1.5;
  }
  .form-summary .icon,
  .error .icon {
    width: 16px;
    height: 16px;
    margin-top: 2px;
  }
  .form-state {
    display: flex;
    gap: 8px;
    align-items: center;
    color: var(--_muted);
    font-size: 14px;
  }
  .form.done .icon {
    color: var(--_good);
  }
  .field {
    display: grid;
    gap: 4px;
  }
  .label {
    font-size: 14px;
    font-weight: 500;
  }
  .required {
    color: var(--_bad);
  }
  .optional {
    color: var(--_muted);
    font-size: 12px;
    font-weight: 400;
  }
  .field > input,
  .field > select,
  .field > textarea {
    width: 100%;
    min-height: 40px;
    padding: 7px 12px;
    border: 1px solid var(--_control-line);
    border-radius: 8px;
    background: var(--_bg);
    font-size: 16px;
    line-height: 24px;
    resize: vertical;
  }
  .field > :focus-visible {
    outline-offset: -1px;
  }
  .wrong > input,
  .wrong > select,
  .wrong > textarea {
    border-color: var(--_bad);
  }
  .radios {
    display: grid;
    gap: 4px;
  }
  .radios label {
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 32px;
  }
  .form > .choice {
    justify-content: center;
    min-height: 40px;
    font-size: 15px;
  }
  .image {
    display: block;
    max-width: 260px;
    overflow: hidden;
    border-radius: 12px;
    background: var(--_surface);
    color: var(--_accent-text);
  }
  .image img {
    display: block;
    max-width: 100%;
    height: auto;
  }
  .image-words {
    display: block;
    padding: 8px 12px;
  }
  .card {
    width: 100%;
    max-width: 320px;
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_bg);
  }
  .card .image {
    max-width: none;
    border-radius: 0;
  }
  .card .image img {
    width: 100%;
    aspect-ratio: 16 / 9;
    object-fit: cover;
  }
  .card-words {
    display: grid;
    gap: 4px;
    padding: 12px 16px;
    overflow-wrap: anywhere;
  }
  .card-title {
    font-weight: 600;
  }
  .card-words .choices {
    margin-top: 8px;
  }
`;
