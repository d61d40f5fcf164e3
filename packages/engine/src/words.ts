import type { Words } from '@packline/shared'

/** The first names, and how many more there are. */
export function listed(names: readonly string[], max: number): Words {
  const shown = names.slice(0, max)
  const more = andMore(names.length - shown.length)
  return { en: `${shown.join(', ')}${more.en}`, zh: `${shown.join('、')}${more.zh}` }
}

/** In place of names where there is none. */
export const NO_FILE: Words = { en: 'no file', zh: '空包' }

/** " and 3 more" behind what is named; nothing where there is no other. */
export function andMore(count: number): Words {
  if (count <= 0) return { en: '', zh: '' }
  return { en: ` and ${count} more`, zh: `（另有 ${count} 个）` }
}

/** What is the same in both: names, numbers, and what tools say. */
export function verbatim(text: string): Words {
  return { en: text, zh: text }
}

/** Several names, or several clauses. */
export function joined(parts: readonly Words[], mark: ',' | ';'): Words {
  return {
    en: parts.map(({ en }) => en).join(`${mark} `),
    zh: parts.map(({ zh }) => zh).join(mark === ',' ? '、' : '；'),
  }
}
