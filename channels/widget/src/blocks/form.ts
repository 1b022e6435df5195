/** A form inside the conversation, with errors next to the fields. */

import type { FormBlock, FormField } from "@cs-bot/sdk";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.js";
import type { Key } from "../i18n.js";
import type { BlockContext } from "./context.js";
import { formErrors } from "./form-check.js";

const TYPES: Record<string, string> = { tel: "tel", email: "email", date: "date", code: "text" };
const LONG = new Set(["textarea"]);

export function formView(block: FormBlock, context: BlockContext): TemplateResult {
  const { t } = context.session.words;
  const state = block.state ?? "open";
  if (state !== "open") return doneView(block, t(`form_${state}` as Key), state === "submitted");
  const { session, item } = context;
  const id = item.messageId ?? item.key;
  const errors = session.formErrors.get(id) ?? {};
  const isBusy = session.client.waiting(id)?.type === "form.submit";
  return html`<form class="form" novalidate aria-label=${block.title ?? nothing} aria-busy=${isBusy}
    @submit=${(event: SubmitEvent) => submit(event, block, context)}>
    ${block.title ? html`<p class="form-title">${block.title}</p>` : nothing}
    ${summaryView(errors, context)}
    ${block.fields.map((field) => fieldView(field, `${id}-${field.name}`, errors[field.name], context))}
    <button type="submit" class="choice primary" aria-disabled=${isBusy}>
      ${isBusy ? t("form_submitting") : (block.submit ?? t("form_submit"))}
    </button>
  </form>`;
}

function doneView(block: FormBlock, words: string, isGood: boolean): TemplateResult {
  return html`<div class="form done">
    ${block.title ? html`<p class="form-title">${block.title}</p>` : nothing}
    <p class="form-state">${icon(isGood ? "check" : "alert")}${words}</p>
  </div>`;
}

function summaryView(errors: Record<string, string>, { session }: BlockContext): TemplateResult {
  const count = Object.keys(errors).length;
  return html`<p class="form-summary" role="alert">
    ${count > 0 ? html`${icon("alert")}${session.words.count("form_errors", count)}` : nothing}
  </p>`;
}

function fieldView(
  field: FormField,
  id: string,
  error: string | undefined,
  context: BlockContext,
): TemplateResult {
  const { t } = context.session.words;
  const isGroup = field.kind === "radio";
  const label = html`${field.label}
    ${field.required ? html`<span class="required" aria-hidden="true">*</span>` : html`<span class="optional">${t("form_optional")}</span>`}`;
  return html`<div class="field ${error ? "wrong" : ""}">
    ${isGroup ? html`<span class="label" id="${id}-label">${label}</span>` : html`<label class="label" for=${id}>${label}</label>`}
    ${controlView(field, id, error !== undefined, context)}
    ${error ? html`<p class="error" id="${id}-error">${icon("alert")}${error}</p>` : nothing}
  </div>`;
}

function controlView(
  field: FormField,
  id: string,
  isWrong: boolean,
  context: BlockContext,
): TemplateResult {
  const describedBy = isWrong ? `${id}-error` : nothing;
  const { name, maxlength, required = false } = field;
  const autocomplete = (field.autocomplete ?? "off") as "off";
  if (field.kind === "select") {
    return html`<select id=${id} name=${name} aria-required=${required} aria-invalid=${isWrong} aria-describedby=${describedBy}>
      <option value="">${context.session.words.t("form_select")}</option>
      ${optionsOf(field).map(({ value, label }) => html`<option value=${value}>${label}</option>`)}
    </select>`;
  }
  if (field.kind === "radio") {
    return html`<div class="radios" role="radiogroup" aria-labelledby="${id}-label" aria-required=${required} aria-invalid=${isWrong} aria-describedby=${describedBy}>
      ${optionsOf(field).map(({ value, label }) => html`<label><input type="radio" name=${name} value=${value} />${label}</label>`)}
    </div>`;
  }
  if (LONG.has(field.kind)) {
    return html`<textarea id=${id} name=${name} rows="3" maxlength=${maxlength ?? nothing} aria-required=${required} aria-invalid=${isWrong} aria-describedby=${describedBy}></textarea>`;
  }
  return html`<input id=${id} name=${name} type=${TYPES[field.kind] ?? "text"} inputmode=${field.kind === "number" ? "decimal" : nothing}
    maxlength=${maxlength ?? nothing} autocomplete=${autocomplete} aria-required=${required} aria-invalid=${isWrong} aria-describedby=${describedBy} />`;
}

function optionsOf({ options = [] }: FormField): { value: string; label: string }[] {
  return options.map((option) =>
    typeof option === "string" ? { value: option, label: option } : option,
  );
}

function submit(event: SubmitEvent, block: FormBlock, { session, item }: BlockContext): void {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  if (item.messageId === null || form.getAttribute("aria-busy") === "true") return;
  const values = valuesOf(form, block);
  const errors = formErrors(block.fields, values, session.words);
  if (Object.keys(errors).length === 0) return session.submitForm(item.messageId, block, values);
  session.showFormErrors(item.messageId, errors);
  focusFirst(form, block, errors);
}

function valuesOf(form: HTMLFormElement, block: FormBlock): Record<string, string> {
  const given = new FormData(form);
  const pairs = block.fields.map(({ name }) => [name, String(given.get(name) ?? "").trim()]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== "")) as Record<string, string>;
}

function focusFirst(form: HTMLFormElement, block: FormBlock, errors: Record<string, string>): void {
  const first = block.fields.find(({ name }) => name in errors);
  form.querySelector<HTMLElement>(`[name="${CSS.escape(first?.name ?? "")}"]`)?.focus();
}
