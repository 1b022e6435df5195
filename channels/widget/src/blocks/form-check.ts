/** Checks what a visitor typed into a form, before it is sent. Pure. */

import type { FormField } from "@cs-bot/sdk";
import type { Words } from "../i18n.js";

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const FROM_A_LIST = new Set(["select", "radio"]);

/** One sentence per field that is not right yet, by field name. */
export function formErrors(
  fields: readonly FormField[],
  values: Record<string, string>,
  words: Words,
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const error = errorOf(field, (values[field.name] ?? "").trim(), words);
    if (error) errors[field.name] = error;
  }
  return errors;
}

function errorOf(field: FormField, value: string, { t }: Words): string | null {
  const { label, kind, required, maxlength, pattern } = field;
  if (value === "") {
    if (!required) return null;
    return t(FROM_A_LIST.has(kind) ? "form_choose" : "form_required", { label });
  }
  if (maxlength !== undefined && value.length > maxlength) {
    return t("form_too_long", { n: maxlength });
  }
  if (kind === "email" && !ADDRESS.test(value)) return t("form_email");
  return pattern !== undefined && !matches(pattern, value) ? t("form_pattern", { label }) : null;
}

/** A pattern this browser cannot read is left to the server. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return true;
  }
}
