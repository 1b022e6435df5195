/** A contract, and a check of the drafts, to test with. */
import type { Change, Contract, DraftCheck, Replay } from '@/api/contract'

export function someContract(changes: Partial<Contract> = {}): Contract {
  return {
    holds: 'cut',
    risk: 0.02,
    cut: 0.84,
    list_cut: 0.3,
    labelled: 400,
    needed: 196,
    answerable: 350,
    right_first: 280,
    right_listed: 343,
    stale: 2,
    exact: 3,
    coverage: 0.41,
    curve: [
      { cut: 0.95, coverage: 0.1, risk: 0, bound: 0.03 },
      { cut: 0.84, coverage: 0.41, risk: 0.006, bound: 0.019 },
      { cut: 0.3, coverage: 0.9, risk: 0.12, bound: 1 },
    ],
    advice: [
      {
        pair_id: 'ec-020',
        question: '退款多久到账？',
        labelled: 26,
        direct: 4,
        listed: 20,
        wordings: 10,
        confused_with: 'ec-007',
        confused_question: '订单会怎样？',
      },
    ],
    ...changes,
  }
}

export function someChange(changes: Partial<Change> = {}): Change {
  return {
    question: '钱呢',
    labelled: true,
    gold: 'ec-020',
    before: { zone: 'suggest', pair_id: 'ec-007', question: '订单会怎样？', probability: 0.4 },
    after: { zone: 'answer', pair_id: 'ec-020', question: '退款多久到账？', probability: 0.931 },
    edited: false,
    verdict: 'better',
    ...changes,
  }
}

export function someReplay(changes: Partial<Replay> = {}): Replay {
  return {
    labelled: 405,
    real: 20,
    changed: 3,
    better: 1,
    worse: 1,
    changes: [
      someChange({ question: '变差的', verdict: 'worse' }),
      someChange({ question: '改过的', verdict: 'other', labelled: false, gold: null, edited: true }),
      someChange({ question: '变好的' }),
    ],
    before: someContract(),
    after: someContract({ coverage: 0.45, right_first: 273 }),
    ...changes,
  }
}

export function someCheck(changes: Partial<DraftCheck> = {}): DraftCheck {
  return { state: 'done', step: null, done: 0, total: 0, result: someReplay(), error: null, ...changes }
}
