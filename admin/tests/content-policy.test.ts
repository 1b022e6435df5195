import { expect, it } from 'vitest'

const files = import.meta.glob<string>('../src/**/*.vue', { query: '?raw', import: 'default', eager: true })

function templateOf(text: string): string {
  return text.slice(text.indexOf('<template>'), text.lastIndexOf('</template>'))
}

it('no template has an inline style or makes HTML from a string', () => {
  const offenders = Object.entries(files).filter(([, text]) => /\sstyle="|v-html/.test(templateOf(text)))
  expect(Object.keys(files).length).toBeGreaterThan(20)
  expect(offenders.map(([path]) => path)).toEqual([])
})
