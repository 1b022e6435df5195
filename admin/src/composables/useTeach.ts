/** Adds a visitor's words to a pair as a similar question, in the draft. */
import { useQueryClient } from '@tanstack/vue-query'
import { ElMessage } from 'element-plus'
import { ApiError } from '@/api/http'
import { readPair, updatePair } from '@/api/knowledge'
import type { Pair } from '@/api/types'
import { errorText } from '@/errors'
import { t, type Locale } from '@/i18n'
import { withSimilar } from '@/pairForm'
import { keys } from '@/queries'

export type Teach = (pairId: string, question: string, locale: Locale) => Promise<void>

export function useTeach(): Teach {
  const queryClient = useQueryClient()

  return async (pairId, question, locale) => {
    try {
      const pair = await readPair(pairId)
      const taught = await add(pair, question, locale)
      if (!taught) {
        ElMessage.info(t('teach.known', { question: pair.question }))
        return
      }
      ElMessage.success(t('teach.done', { text: question, question: taught.question }))
      queryClient.setQueryData(keys.pair(pairId), taught)
      await queryClient.invalidateQueries({ queryKey: keys.pairLists })
    } catch (error) {
      ElMessage.error(errorText(error))
    }
  }
}

/** One more line cannot hurt what somebody else saved meanwhile, so a conflict is tried once more. */
async function add(pair: Pair, question: string, locale: Locale): Promise<Pair | null> {
  const content = withSimilar(pair, question, locale)
  if (!content) return null
  try {
    return await updatePair(pair.id, content, pair.version)
  } catch (error) {
    const newer = error instanceof ApiError && error.code === 'conflict' ? (error.body.current as Pair) : undefined
    if (!newer) throw error
    const again = withSimilar(newer, question, locale)
    return again && (await updatePair(newer.id, again, newer.version))
  }
}
