import type { Finding, Words } from '@packline/shared'
import { finding } from '../../finding.ts'
import { functionsOf } from '../../rules/functions-of.ts'
import { handlerExistsTexts } from '../../texts/handler-exists.ts'
import type { Subject } from '../runtime.ts'
import { entries } from './plan.ts'
import { checkSource } from './rules/check-source.ts'

const SOURCE_BYTES_MAX = 8 * 1024 * 1024

/** Ways to give a module names that its text does not show. */
const HIDDEN = /\bimport\s*\*|\bimport\s*\(\s*\*|__getattr__|\bexec\s*\(|globals\s*\(|setattr\s*\(/

/**
 * Rules handler-exists and initializer, without running anything: the file defines, assigns or
 * imports the name. The load check is the proof. The other rules stand in rules/.
 */
export async function check(subject: Subject): Promise<readonly Finding[]> {
  return [...(await checkHandler(subject)), ...(await checkSource(subject))]
}

async function checkHandler(subject: Subject): Promise<readonly Finding[]> {
  const { handler, package: packed, request } = subject
  if (handler?.form !== 'file.function') return []
  const wanted = entries(subject)
  const entry = packed.archive.entries.find((file) => wanted.includes(file.path))
  if (entry?.kind !== 'file' || entry.size > SOURCE_BYTES_MAX) return []
  const text = (await packed.archive.read(entry.path, SOURCE_BYTES_MAX)).toString('utf8')
  if (HIDDEN.test(text)) return []
  return functionsOf(handler.function, request.initializer)
    .filter(([, name]) => !defines(text, name))
    .map(([rule, name]) => {
      const said = handlerExistsTexts.python(rule, entry.path, name, definedIn(text))
      return finding(rule, 'error', said, { path: entry.path })
    })
}

/** def, class, assignment (also of one among several names), import. */
function defines(text: string, name: string): boolean {
  const escaped = name.replaceAll('$', String.raw`\$`)
  const word = String.raw`(?<![\p{L}\p{N}_.])${escaped}(?![\p{L}\p{N}_])`
  const ways = [
    String.raw`\b(?:def|class)\s+${word}`,
    String.raw`${word}[^=\n#]*=(?!=)`,
    String.raw`\b(?:import|as)\b[^\n#]*${word}`,
    String.raw`\bimport\s*\([^)]*${word}`,
  ]
  return ways.some((way) => new RegExp(way, 'u').test(text))
}

/** The functions that are there, so that a slip of the pen is seen at once. */
function definedIn(text: string): Words | undefined {
  const names = [...text.matchAll(/^(?:async\s+)?def\s+([\p{L}_][\p{L}\p{N}_]*)/gmu)]
  if (names.length === 0) return undefined
  const shown = names.slice(0, 5).map((match) => match[1])
  const more = names.length > 5 ? ' ...' : ''
  return { en: `${shown.join(', ')}${more}`, zh: `${shown.join('、')}${more}` }
}
