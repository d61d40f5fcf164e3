import type { Words } from './finding.ts'

/** zod keeps one text of a mistake, which is the English one: by it the Chinese one is found. */
const CHINESE = new Map<string, string>()

/** What a schema says of its field itself, as zod takes it; `describeIssue` tells both. */
export function says({ en, zh }: Words): { error: string } {
  CHINESE.set(en, zh)
  return { error: en }
}

/** Both texts of what a schema says itself. Undefined for what it does not: zod's own words. */
export function wordsOf(en: string): Words | undefined {
  const zh = CHINESE.get(en)
  return zh === undefined ? undefined : { en, zh }
}

/** The same for names of functions, packages and the like. */
export function saysName(charactersMax: number): { error: string } {
  return says({
    en: `must be a letter, then letters, digits, "_", "." or "-", at most ${charactersMax} characters`,
    zh: `应以字母开头，其后为字母、数字、"_"、"." 或 "-"，最多 ${charactersMax} 个字符`,
  })
}

/** The same for addresses that are called. */
export const SAYS_HTTP = says({ en: 'must be an http(s) address', zh: '应为 http(s) 地址' })

/** The same for moments. */
export const SAYS_TIME = says({
  en: 'must be a date and time with its zone, such as 2026-01-05T08:00:00Z',
  zh: '应为带时区的日期和时间，例如 2026-01-05T08:00:00Z',
})
