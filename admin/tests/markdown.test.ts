import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import MarkdownText from '@/components/MarkdownText.vue'
import { plainText } from '@/markdown'

describe('MarkdownText', () => {
  it('draws an answer as the widget does, and again when it changes', async () => {
    const wrapper = mount(MarkdownText, { props: { source: '**退款**\n\n- 余额' } })
    expect(wrapper.element.innerHTML).toBe('<p><strong>退款</strong></p><ul><li>余额</li></ul>')

    await wrapper.setProps({ source: '> 大促可能延迟' })
    expect(wrapper.element.innerHTML).toBe('<blockquote><p>大促可能延迟</p></blockquote>')
  })

  it('shows markup as the characters it is, and no unsafe link', () => {
    const { element } = mount(MarkdownText, { props: { source: '<img src=x onerror=alert(1)> [x](javascript:alert)' } })
    expect(element.querySelector('img, a')).toBeNull()
    expect(element.textContent).toContain('<img src=x')
  })
})

it('plainText keeps the words and drops the signs', () => {
  const answer = '**退款**：\n\n1. [规则](https://example.com)\n2. `余额`\n\n> 大促\n\n| 方式 | 时效 |\n| --- | --- |\n| 银行卡 | 3 天 |'
  expect(plainText(answer)).toBe('退款： 规则 余额 大促 方式 时效 银行卡 3 天')
})
