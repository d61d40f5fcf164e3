import type { RuleId } from '@packline/shared'
import { rulePages } from '../rule-pages.ts'
import type { Terminal } from '../terminal.ts'

/** `packline explain`: what rules ask for, and how to keep them. Answers the exit code. */
export async function explain(
  { stdout, language }: Terminal,
  rules: readonly RuleId[],
  { json }: { json?: boolean },
): Promise<number> {
  const pages = await rulePages([...new Set(rules)], language)
  const text = json
    ? JSON.stringify({ rules: pages })
    : pages.map(({ rule, text }) => `${rule}\n\n${text}`).join('\n\n\n')
  stdout.write(`${text}\n`)
  return 0
}
