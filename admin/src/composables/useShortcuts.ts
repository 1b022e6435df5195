/** Single-key shortcuts: silent while somebody types, and switched off as a whole if wished. */
import { onBeforeUnmount, onMounted, ref } from 'vue'

export type Shortcuts = Record<string, () => void>

const STORAGE_KEY = 'csb-console:shortcuts'
const LEADER_MS = 1_000

export const shortcutsOn = ref(readSetting())

export function switchShortcuts(on: boolean): void {
  shortcutsOn.value = on
  try {
    localStorage.setItem(STORAGE_KEY, on ? 'on' : 'off')
  } catch {
    // Storage may be closed; the choice then lasts as long as the page.
  }
}

/** Call the function of a key (`n`) or of two in a row (`g k`) while the component is mounted. */
export function useShortcuts(shortcuts: Shortcuts): void {
  let leader = ''
  let pressedAt = 0

  function onKeydown(event: KeyboardEvent): void {
    if (!shortcutsOn.value || isForTyping(event) || dialogIsOpen()) return
    const fresh = event.timeStamp - pressedAt < LEADER_MS
    const action = (fresh && shortcuts[`${leader} ${event.key}`]) || shortcuts[event.key]
    leader = event.key
    pressedAt = event.timeStamp
    if (!action) return
    leader = ''
    event.preventDefault()
    action()
  }
  onMounted(() => document.addEventListener('keydown', onKeydown))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKeydown))
}

/** Ctrl+S or Cmd+S saves, also from inside a text field. */
export function useSaveShortcut(save: () => void): void {
  function onKeydown(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    event.preventDefault()
    if (!event.repeat && !event.isComposing) save()
  }
  onMounted(() => document.addEventListener('keydown', onKeydown))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKeydown))
}

function isForTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return true
  const target = event.target
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
}

function dialogIsOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null
}

function readSetting(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== 'off'
  } catch {
    return true
  }
}
