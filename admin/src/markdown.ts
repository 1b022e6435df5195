/** Answers as visitors see them: the very renderer of the widget, so a preview cannot be wrong. */
import { markdown } from '@cs-bot/widget/src/markdown'

export { markdown }

const ONE_PIECE = 'p, li, pre, th, td'

/** An answer's words on one line, for a list. */
export function plainText(source: string): string {
  const pieces = [...markdown(source).querySelectorAll(ONE_PIECE)].map((piece) => piece.textContent ?? '')
  return pieces.join(' ').replace(/\s+/g, ' ').trim()
}
