/** What the columns of a file may be, in the operator's words. */
import { isMessageKey, t } from './i18n'

/** Fields that several columns may fill together. */
const LISTS = new Set(['similar', 'tags', 'related'])

/** Whose form a file may have, by the server's names; ours has words of its own. */
export const FORMS: Readonly<Record<string, string>> = {
  'cs-bot': '',
  fastgpt: 'FastGPT',
  maxkb: 'MaxKB',
  ragflow: 'RAGFlow',
  dify: 'Dify',
  anyq: 'AnyQ',
}

export const formLabel = (name: string): string => FORMS[name] || t('import.form_own')

/** "answer" -> "Answer", "en.answer" -> "Answer · English"; a field nobody knows keeps its name. */
export function fieldLabel(name: string): string {
  const [language, inner] = name.includes('.') ? [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)] : ['', name]
  const key = `import.field_${inner}`
  const label = isMessageKey(key) ? t(key) : languageLabel(inner)
  return language ? `${label} · ${languageLabel(language)}` : label
}

export function isList(field: string): boolean {
  return LISTS.has(field.slice(field.indexOf('.') + 1))
}

/** The fields with one column given another; a field for one text leaves the column that had it. */
export function withField(fields: string[], index: number, field: string): string[] {
  const single = field !== '' && !isList(field)
  return fields.map((own, at) => (at === index ? field : single && own === field ? '' : own))
}

/** What spreadsheets call a column: A, B, ..., Z, AA, ... */
export function columnLetters(index: number): string {
  const rest = String.fromCharCode(65 + (index % 26))
  return index < 26 ? rest : columnLetters(Math.floor(index / 26) - 1) + rest
}

function languageLabel(name: string): string {
  const key = `language.${name}`
  return isMessageKey(key) ? t(key) : name
}
