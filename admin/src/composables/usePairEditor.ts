/** One pair being edited: its fields, what is unsaved, and what happens when two people save. */
import { computed, reactive, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { withKeysOf } from '@/answerForm'
import { ApiError } from '@/api/http'
import { createPair, updatePair } from '@/api/knowledge'
import type { Pair, PairContent } from '@/api/types'
import { locale } from '@/i18n'
import {
  emptyForm,
  fieldErrorsFrom,
  formErrors,
  hasField,
  sameContent,
  toContent,
  toForm,
  type FieldErrors,
  type PairForm,
} from '@/pairForm'
import { dropUnsaved, keepUnsaved, readUnsaved } from '@/unsaved'

export interface PairEditor {
  form: PairForm
  /** The newest version on the server that this editor knows; null while the pair is new. */
  saved: ShallowRef<Pair | null>
  dirty: ComputedRef<boolean>
  saving: Ref<boolean>
  fieldErrors: Ref<FieldErrors>
  /** What somebody else saved meanwhile; saving waits for a choice. */
  conflict: ShallowRef<Pair | null>
  /** True when the fields came from work kept before a reload or log-in. */
  restored: Ref<boolean>
  load: (pair: Pair) => void
  /** Returns the stored pair, or null when fields must be put right or a choice be made. */
  save: () => Promise<Pair | null>
  keepMine: () => Promise<Pair | null>
  takeTheirs: () => void
  discard: () => void
}

export function usePairEditor(id: string | undefined): PairEditor {
  const form = reactive(emptyForm(locale.value))
  const saved = shallowRef<Pair | null>(null)
  const conflict = shallowRef<Pair | null>(null)
  const saving = ref(false)
  const restored = ref(false)
  const fieldErrors = ref<FieldErrors>({})
  let version: number | undefined
  const start = computed(() => saved.value ?? toContent(emptyForm(form.locale)))
  const dirty = computed(() => !sameContent(toContent(form), start.value))

  function fill(next: PairForm): void {
    Object.assign(form, { ...next, answers: withKeysOf(next.answers, form.answers) })
    fieldErrors.value = {}
  }

  function load(pair: Pair): void {
    saved.value = pair
    conflict.value = null
    const kept = readUnsaved(id)
    restored.value = kept !== null
    // Kept work goes on from the version it was begun on, so a newer one shows up as a conflict.
    version = kept?.version ?? pair.version
    fill(kept ? { ...toForm(pair), ...kept.form } : toForm(pair))
  }

  async function store(over: number | undefined): Promise<Pair | null> {
    if (saving.value) return null
    fieldErrors.value = formErrors(form)
    if (Object.keys(fieldErrors.value).length > 0) return null
    saving.value = true
    try {
      const content = toContent(form)
      const pair = await (saved.value && over !== undefined
        ? updatePair(saved.value.id, content, over)
        : createPair(content, form.id.trim() || undefined))
      accept(pair, content)
      return pair
    } catch (error) {
      return refused(error)
    } finally {
      saving.value = false
    }
  }

  /** What was typed while the request was under way stays unsaved. */
  function accept(pair: Pair, sent: PairContent): void {
    saved.value = pair
    version = pair.version
    conflict.value = null
    restored.value = false
    if (!sameContent(toContent(form), sent)) return
    fill(toForm(pair))
    dropUnsaved(id)
  }

  function refused(error: unknown): null {
    if (error instanceof ApiError && error.code === 'conflict' && error.body.current) {
      conflict.value = error.body.current as Pair
      return null
    }
    if (error instanceof ApiError && error.code === 'invalid') {
      fieldErrors.value = fieldErrorsFrom(error.fields, form)
      const names = Object.keys(fieldErrors.value)
      if (names.length > 0 && names.every(hasField)) return null
    }
    throw error
  }

  function takeTheirs(): void {
    if (!conflict.value) return
    dropUnsaved(id)
    load(conflict.value)
  }

  function discard(): void {
    dropUnsaved(id)
    version = saved.value?.version
    restored.value = false
    fill(saved.value ? toForm(saved.value) : emptyForm(form.locale))
  }

  if (id === undefined) {
    const kept = readUnsaved(undefined)
    restored.value = kept !== null
    if (kept) fill({ ...emptyForm(locale.value), ...kept.form })
  }
  watch(form, () => {
    if (dirty.value) keepUnsaved(id, { version: version ?? null, form })
    else dropUnsaved(id)
  })

  return {
    form,
    saved,
    dirty,
    saving,
    fieldErrors,
    conflict,
    restored,
    load,
    save: () => store(version),
    keepMine: () => store(conflict.value?.version),
    takeTheirs,
    discard,
  }
}
