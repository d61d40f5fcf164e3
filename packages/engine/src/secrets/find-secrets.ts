import { extname } from 'node:path/posix'
import { lintSource } from '@secretlint/core'
import { secretLintProfiler } from '@secretlint/profiler'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'
import { findAssignments } from './find-assignments.ts'

/** Where a secret stands and of which kind it is; never the secret. */
export interface FoundSecret {
  /** 1-based. */
  line: number
  /** Such as "aws" or "privatekey", by secretlint's rules; "password" by our own. */
  kind: string
}

const PRESET = '@secretlint/secretlint-rule-preset-recommend'
const CONFIG = { rules: [{ id: PRESET, rule: creator }] }
// It would keep a mark per rule and text for ever, and take half of the time.
secretLintProfiler.setEnabled(false)

const RULE_PREFIX = /^@secretlint\/secretlint-rule-/

/** What secretlint's recommended rules and our own pattern find in a text, by line. */
export async function findSecrets(path: string, text: string): Promise<FoundSecret[]> {
  const { messages } = await lintSource({
    source: { filePath: path, content: text, contentType: 'text', ext: extname(path) },
    // Masked as well: their text is not used, but nothing that holds a secret shall be about.
    options: { config: CONFIG, maskSecrets: true, noPhysicFilePath: true },
  })
  const found = messages.map(({ ruleId, loc }) => ({
    line: loc.start.line,
    kind: ruleId.replace(RULE_PREFIX, ''),
  }))
  return onePerLine([...found, ...findAssignments(path, text)])
}

/** Several rules know one secret; the first one's name is enough. */
function onePerLine(found: readonly FoundSecret[]): FoundSecret[] {
  const byLine = new Map<number, FoundSecret>()
  for (const one of found) if (!byLine.has(one.line)) byLine.set(one.line, one)
  return [...byLine.values()].sort((a, b) => a.line - b.line)
}
