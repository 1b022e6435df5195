import { expect, it } from 'vitest'
import { readLabelledFile } from '@/labelledFile'

it('reads questions and the pairs that answer them', () => {
  const text = '\uFEFF{"qid": "1", "query": " 钱呢 ", "faq_id": "ec-020", "lang": "zh"}\r\n\r\n{"question": "招人吗", "pair_id": null}\n'
  expect(readLabelledFile(text)).toEqual({
    rows: [
      { line: 1, question: '钱呢', pair_id: 'ec-020' },
      { line: 3, question: '招人吗', pair_id: null },
    ],
    problems: [],
  })
})

it.each([
  ['钱呢', '不是 JSON 对象'],
  ['["钱呢", null]', '不是 JSON 对象'],
  ['{"faq_id": "ec-020"}', '没有写 query'],
  ['{"query": "  ", "faq_id": null}', '没有写 query'],
  [JSON.stringify({ query: '长'.repeat(501), faq_id: null }), '超过 500 个字符'],
  ['{"query": "钱呢"}', 'faq_id 应是问答编号'],
  ['{"query": "钱呢", "faq_id": ""}', 'faq_id 应是问答编号'],
  ['{"query": "钱呢", "faq_id": 20}', 'faq_id 应是问答编号'],
])('names what is wrong with %s', (line, said) => {
  const { rows, problems } = readLabelledFile(`{"query": "好的", "faq_id": null}\n${line}`)
  expect(rows).toHaveLength(1)
  expect(problems).toEqual([{ line: 2, text: expect.stringContaining(said) as string }])
})
