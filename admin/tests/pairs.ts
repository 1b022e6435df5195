/** A pair to test with. */
import type { Pair } from '@/api/types'

export function somePair(changes: Partial<Pair> = {}): Pair {
  return {
    id: 'ec-017',
    question: '支持七天无理由退货吗？',
    similar: ['能退货吗'],
    answer: '签收后 7 天内可以申请。',
    locale: 'zh',
    translations: { en: { question: 'Can I return this?', similar: [], answer: 'Within 7 days.' } },
    category: '退换',
    tags: ['高频'],
    task: null,
    answers: [],
    related: [],
    valid_from: null,
    valid_until: null,
    status: 'published',
    version: 3,
    updated_at: 1_700_000_000_000,
    updated_by: '李娜',
    ...changes,
  }
}
