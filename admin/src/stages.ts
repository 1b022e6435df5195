/** The stages of the cascade as an operator sees them: one family, word and icon for each. */
import {
  ChatDotRound,
  Collection,
  Compass,
  Connection,
  Document,
  Lightning,
  List,
  QuestionFilled,
  Service,
  WarnTriangleFilled,
  Lock,
} from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { Step } from './api/types'
import { isMessageKey, t } from './i18n'

/** The seven colours of the cascade. */
export type Family = 'rule' | 'task' | 'faq' | 'knowledge' | 'llm' | 'fallback' | 'human' | 'unknown'

interface Appearance {
  family: Family
  icon: Component
}

const APPEARANCES: Record<string, Appearance> = {
  cache: { family: 'rule', icon: Lightning },
  sensitive: { family: 'rule', icon: Lock },
  task: { family: 'task', icon: List },
  kbqa: { family: 'faq', icon: Collection },
  suggest: { family: 'faq', icon: Compass },
  documents: { family: 'knowledge', icon: Document },
  graph: { family: 'knowledge', icon: Connection },
  chat: { family: 'llm', icon: ChatDotRound },
  fallback: { family: 'fallback', icon: WarnTriangleFilled },
  handoff: { family: 'human', icon: Service },
}

/** Stages whose references and candidates are pairs of the knowledge base. */
const PAIR_STAGES = ['cache', 'kbqa', 'suggest']

export function speaksOfPairs(stage: string | null): boolean {
  return stage !== null && PAIR_STAGES.includes(stage)
}

/** Which of a pair's answers was given, in words; null where there was only one to give. */
export function answerGiven(steps: readonly Step[]): string | null {
  const detail = steps.find(({ outcome }) => outcome === 'answered')?.detail
  const found = /(?:^|; )answer: (?:own|(\d+) of \d+)/.exec(detail ?? '')
  if (!found) return null
  return found[1] ? t('turn.answer_nth', { n: Number(found[1]) }) : t('turn.answer_own')
}

/** The stages an operator may filter by, in the order of the cascade. */
export const STAGES = Object.keys(APPEARANCES)

export function appearance(stage: string): Appearance {
  return APPEARANCES[stage] ?? { family: 'unknown', icon: QuestionFilled }
}

/** The stage's word; a stage this console does not know keeps its own name. */
export function stageWord(stage: string): string {
  const key = `stage.${stage}`
  return isMessageKey(key) ? t(key) : stage
}

/** What a stage did, in words; a reason this console does not know is shown as it came. */
export function outcomeWord(outcome: string): string {
  const key = `outcome.${outcome}`
  return isMessageKey(key) ? t(key) : outcome.replace(/_/g, ' ')
}
