/** Answers in words: for whom and when, and what is in them. */
import { toAnswer, toAnswerFields } from './answerForm'
import type { Answer, AnswerBlock, AnswerButton } from './api/types'
import { locale, t } from './i18n'
import { dayAndTime } from './time'

type Window = Pick<Answer, 'valid_from' | 'valid_until'>

/** For whom and when, on one line. */
export function conditionWords(answer: Answer): string {
  const { channels = [], locales = [], tiers = [] } = answer
  const said = [...channels, ...locales.map((name) => t(`language.${name}`)), ...tiers, windowWords(answer)]
  return said.filter(Boolean).join(' · ') || t('answer.always')
}

export function windowWords({ valid_from, valid_until }: Window): string {
  const times = [
    valid_from && t('answer.since', { time: dayAndTime(valid_from, locale.value) }),
    valid_until && t('answer.before', { time: dayAndTime(valid_until, locale.value) }),
  ]
  return times.filter(Boolean).join(' · ')
}

/** Everything an answer says, a line for each part. */
export function answerWords(answer: Answer): string {
  const { text = '', blocks = [] } = toAnswer(toAnswerFields(answer))
  return [conditionWords(answer), text, ...blocks.map(blockWords)].filter(Boolean).join('\n')
}

function blockWords(block: AnswerBlock): string {
  switch (block.kind) {
    case 'text':
      return block.text
    case 'image':
      return `${t('answer.kind_image')}: ${block.alt} ${block.url}`
    case 'buttons':
      return block.buttons.map(buttonWords).join('\n')
    case 'card': {
      const parts = [block.title, block.text, block.image, ...(block.buttons ?? []).map(buttonWords)]
      return `${t('answer.kind_card')}: ${parts.filter(Boolean).join(' / ')}`
    }
  }
}

function buttonWords({ title, say, url, task }: AnswerButton): string {
  return `[${title}] ${say ?? url ?? task ?? ''}`
}
