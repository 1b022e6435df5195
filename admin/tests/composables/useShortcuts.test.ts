import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { switchShortcuts, useSaveShortcut, useShortcuts } from '@/composables/useShortcuts'

const pressed = vi.fn()
const jumped = vi.fn()
const saved = vi.fn()

const Page = defineComponent({
  setup() {
    useShortcuts({ n: pressed, 'g k': jumped })
    useSaveShortcut(saved)
    return () => h('div', [h('input'), h('button')])
  },
})

beforeEach(() => {
  vi.clearAllMocks()
  switchShortcuts(true)
  mount(Page, { attachTo: document.body })
})

function press(selector: string, key: string, init: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })
  document.querySelector(selector)?.dispatchEvent(event)
  return event
}

describe('useShortcuts', () => {
  it('hears a single key', () => {
    press('button', 'n')
    expect(pressed).toHaveBeenCalledOnce()
  })

  it('hears two keys in a row', () => {
    press('button', 'g')
    press('button', 'k')
    expect(jumped).toHaveBeenCalledOnce()
  })

  it('lets text fields have their keys', () => {
    press('input', 'n')
    expect(pressed).not.toHaveBeenCalled()
  })

  it('leaves the browser its own combinations', () => {
    press('button', 'n', { ctrlKey: true })
    press('button', 'n', { metaKey: true })
    expect(pressed).not.toHaveBeenCalled()
  })

  it('is silent when switched off', () => {
    switchShortcuts(false)
    press('button', 'n')
    expect(pressed).not.toHaveBeenCalled()
  })
})

describe('useSaveShortcut', () => {
  it.each([{ ctrlKey: true }, { metaKey: true }])('saves from inside a text field with %o', (keys) => {
    expect(press('input', 's', keys).defaultPrevented).toBe(true)
    expect(saved).toHaveBeenCalledOnce()
  })

  it('saves once however long the keys are held', () => {
    press('input', 's', { ctrlKey: true })
    press('input', 's', { ctrlKey: true, repeat: true })
    expect(saved).toHaveBeenCalledOnce()
  })

  it('takes a plain s for a letter', () => {
    press('input', 's')
    expect(saved).not.toHaveBeenCalled()
  })
})
