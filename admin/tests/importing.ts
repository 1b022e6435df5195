/** A checked file to test with. */
import type { ImportCheck, ImportRecord } from '@/api/imports'

export function someCheck(changes: Partial<ImportCheck> = {}): ImportCheck {
  return {
    file: 'faq.csv',
    dialect: 'cs-bot',
    encoding: 'GB18030',
    sheet: null,
    sheets: [],
    headed: true,
    columns: [
      { heading: '问题', field: 'question', sample: ['怎么退货', '怎么开票'] },
      { heading: '答案', field: 'answer', sample: ['点售后', '点发票'] },
      { heading: '备注', field: '', sample: ['内部', ''] },
    ],
    fields: ['id', 'question', 'similar', 'answer', 'category', 'tags', 'task', 'locale', 'en.question', 'en.answer'],
    problem: null,
    counts: { added: 1, changed: 1, unchanged: 3, duplicates: 0, conflicts: 1, clashing: 1, bad: 1 },
    added: [{ id: 'q-1', line: 2, question: '怎么退货', answer: '点售后' }],
    changed: [
      {
        id: 'ec-1',
        line: 3,
        question: '怎么开票',
        restored: false,
        differences: [
          { field: 'answer', before: '旧', after: '新' },
          { field: 'similar', before: '甲\n乙', after: '乙\n丙' },
          { field: 'en.answer', before: 'Old', after: '' },
        ],
      },
    ],
    duplicates: [],
    conflicts: [
      {
        asked: { id: 'q-1', line: 2, question: '怎么退货', answer: '点售后' },
        other: { id: 'ec-9', line: null, question: '怎麼退貨', answer: '打电话' },
      },
    ],
    bad: [{ line: 7, column: '答案', problem: '“答案”是空的', remedy: '请补上', cells: ['周末上班吗', ''] }],
    seen: 'abc.def',
    ...changes,
  }
}

export function someImport(changes: Partial<ImportRecord> = {}): ImportRecord {
  return {
    id: 'i1',
    file: 'faq.csv',
    imported_at: 1_700_000_000_000,
    imported_by: '李娜',
    added: 1,
    changed: 1,
    unchanged: 3,
    undone_at: null,
    undone_by: null,
    last: true,
    ...changes,
  }
}
