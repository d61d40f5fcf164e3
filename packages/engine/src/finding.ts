import type { Finding, FindingLevel, RuleId, Verdict, VerdictReason, Words } from '@packline/shared'

/** What a rule says and how to mend it; a text that lacks a language does not compile. */
export interface Said {
  message: Words
  hint: Words
}

/** The texts of a rule by what it found; they stand in texts/RULE.ts. */
export type Texts = Record<string, (...found: never[]) => Said>

/** A finding in both languages; `place`: path inside the package, and line from 1. */
export function finding(
  rule: RuleId,
  level: FindingLevel,
  { message, hint }: Said,
  place: Pick<Finding, 'path' | 'line'> = {},
): Finding {
  const zh = { message: message.zh, hint: hint.zh }
  return { rule, level, message: message.en, hint: hint.en, zh, ...place }
}

/** A verdict with why it is not better. */
export function verdictOf(verdict: Verdict, { en, zh }: Words): VerdictReason {
  return { verdict, because: en, zh: { because: zh } }
}

/** The same finding with another way to mend it. */
export function withHint(found: Finding, hint: Words): Finding {
  return { ...found, hint: hint.en, zh: { ...found.zh, hint: hint.zh } }
}

/** The same finding with its message changed in both languages. */
export function reworded(found: Finding, change: (message: Words) => Words): Finding {
  const { en, zh } = change({ en: found.message, zh: found.zh.message })
  return { ...found, message: en, zh: { ...found.zh, message: zh } }
}
