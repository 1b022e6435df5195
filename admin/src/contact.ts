/** A visitor's contact as a link one can press: mail or phone; anything else stays words. */
export function contactLink(contact: string): string | undefined {
  const text = contact.trim()
  if (/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(text)) return `mailto:${text}`
  const digits = text.replace(/[\s()-]/g, '')
  return /^\+?\d{5,15}$/.test(digits) ? `tel:${digits}` : undefined
}
