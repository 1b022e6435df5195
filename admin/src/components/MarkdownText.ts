/** An answer's Markdown as elements, never as an HTML string. */
import { defineComponent, h, type VNode } from 'vue'
import { parseMarkdown, type Inline, type MarkdownBlock } from '@/markdown'

export default defineComponent({
  name: 'MarkdownText',
  props: { source: { type: String, required: true } },
  setup(props) {
    return () => h('div', { class: 'markdown' }, parseMarkdown(props.source).map(blockNode))
  },
})

function blockNode(block: MarkdownBlock): VNode {
  switch (block.kind) {
    case 'list':
      return h(
        block.ordered ? 'ol' : 'ul',
        block.ordered ? { start: block.start } : {},
        block.items.map((item) => h('li', item.map(inlineNode))),
      )
    case 'table':
      return h('table', [
        h('thead', h('tr', block.head.map((cell) => h('th', { scope: 'col' }, cell.map(inlineNode))))),
        h('tbody', block.rows.map((row) => h('tr', row.map((cell) => h('td', cell.map(inlineNode)))))),
      ])
    default:
      return h(block.kind === 'quote' ? 'blockquote' : 'p', block.lines.flatMap(lineNodes))
  }
}

function lineNodes(line: Inline[], at: number): (VNode | string)[] {
  return at === 0 ? line.map(inlineNode) : [h('br'), ...line.map(inlineNode)]
}

function inlineNode(inline: Inline): VNode | string {
  switch (inline.kind) {
    case 'text':
      return inline.text
    case 'code':
      return h('code', inline.text)
    case 'link':
      return h('a', { href: inline.href, target: '_blank', rel: 'noopener noreferrer' }, inline.children.map(inlineNode))
    default:
      return h(inline.kind, inline.children.map(inlineNode))
  }
}
