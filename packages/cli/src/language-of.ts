import type { Language } from '@packline/shared'

/** What a shell says of a user's language, the first that says anything (POSIX, 8.2). */
const VARIABLES = ['LC_ALL', 'LC_MESSAGES', 'LANG'] as const

/** The language in which findings are told: Chinese where the environment is, else English. */
export function languageOf(environment: NodeJS.ProcessEnv): Language {
  const locale = VARIABLES.map((name) => environment[name]).find(Boolean) ?? ''
  return /^zh([_.@-]|$)/i.test(locale) ? 'zh' : 'en'
}
