/** The present as a ref, moved on for everybody by one timer. */
import { readonly, ref, type Ref } from 'vue'

const TICK_MS = 30_000
const now = ref(Date.now())
let timer: ReturnType<typeof setInterval> | undefined

export function useNow(): Readonly<Ref<number>> {
  now.value = Date.now()
  timer ??= setInterval(() => (now.value = Date.now()), TICK_MS)
  return readonly(now)
}
