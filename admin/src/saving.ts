/** Hands a file to the browser's downloads. */

const KEPT_MS = 60_000

export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  // The browser may still be reading it when the click returns.
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS)
}

/** "faq.xlsx" -> "faq", to make another name of it. */
export function withoutEnding(name: string): string {
  return name.replace(/\.[^.]+$/, '')
}
