import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import MarkdownText from '@/components/MarkdownText'
import { plainText } from '@/markdown'

const html = (source: string): string => mount(MarkdownText, { props: { source } }).find('.markdown').element.innerHTML

describe('MarkdownText', () => {
  it('writes bold, italic, code and line breaks', () => {
    expect(html('**退款** *1–3* 天\n用 `余额`')).toBe('<p><strong>退款</strong> <em>1–3</em> 天<br>用 <code>余额</code></p>')
  })

  it('writes lists that start where the author started', () => {
    expect(html('- 一\n- 二')).toBe('<ul><li>一</li><li>二</li></ul>')
    expect(html('3. 三\n4. 四')).toBe('<ol start="3"><li>三</li><li>四</li></ol>')
  })

  it('writes a quote and a small table', () => {
    expect(html('> 大促可能延迟')).toBe('<blockquote>大促可能延迟</blockquote>')
    expect(html('| 方式 | 时效 |\n| --- | --- |\n| 余额 | 即时 |')).toContain('<tbody><tr><td>余额</td><td>即时</td></tr></tbody>')
  })

  it('opens links elsewhere and only safe ones', () => {
    expect(html('[规则](https://example.com/r)')).toContain('<a href="https://example.com/r" target="_blank" rel="noopener noreferrer">规则</a>')
    expect(html('[x](javascript:alert(1))')).not.toContain('<a')
    expect(html('[x](data:text/html,hi)')).not.toContain('<a')
  })

  it('shows markup as the characters it is', () => {
    expect(html('<img src=x onerror=alert(1)>')).toBe('<p>&lt;img src=x onerror=alert(1)&gt;</p>')
  })

  it('leaves lone signs and snake_case alone', () => {
    expect(html('5 * 3 = 15, order_status_id, 2 ** 3')).toBe('<p>5 * 3 = 15, order_status_id, 2 ** 3</p>')
  })
})

describe('plainText', () => {
  it('keeps the words and drops the signs', () => {
    expect(plainText('**退款**：\n\n1. [规则](https://example.com)\n2. `余额`')).toBe('退款： 规则 余额')
  })
})
