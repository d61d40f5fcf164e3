import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Language, RuleId } from '@packline/shared'

const FILES: Record<Language, string> = { en: 'rules.md', zh: 'rules.zh.md' }
/**
 * In the published command line they lie beside the one module that it is; that place is first, as
 * the other one is somebody else's folder there.
 */
const PLACES = [import.meta.dirname, join(import.meta.dirname, '../../../docs')]

export interface RulePage {
  rule: RuleId
  /** Markdown. */
  text: string
}

/** What the documentation says of some rules, in the order asked for. */
export async function rulePages(rules: readonly RuleId[], language: Language): Promise<RulePage[]> {
  const files = PLACES.map((folder) => join(folder, FILES[language]))
  const file = files.find(existsSync)
  if (!file) throw new Error(`none of ${files.join(', ')} is there`)
  const sections = (await readFile(file, 'utf8')).split(/^#{2,3} /m)
  return rules.map((rule) => {
    const section = sections.find((text) => text.startsWith(`${rule}\n`)) ?? ''
    return { rule, text: section.slice(rule.length).trim() }
  })
}
