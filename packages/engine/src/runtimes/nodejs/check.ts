import type { Finding } from '@packline/shared'
import { finding } from '../../finding.ts'
import { functionsOf } from '../../rules/functions-of.ts'
import { handlerExistsTexts } from '../../texts/handler-exists.ts'
import { listed } from '../../words.ts'
import type { Subject } from '../runtime.ts'
import { entries } from './plan.ts'
import { nodeResolve } from './resolve/node-resolve.ts'
import { startedFiles } from './resolve/started-files.ts'

const SOURCE_BYTES_MAX = 8 * 1024 * 1024
const NAMES_LISTED_MAX = 10

/**
 * Ways to export something whose name does not stand in the file: from another module, computed,
 * escaped, or by code that is made when it runs. In a file that has any of them nothing is sure.
 */
const BY_OTHER_WAYS =
  /\b(require|import|eval|Function|Proxy|Reflect|assign|fromEntries|define\w*|parse|global\w*|process|with)\b|\\[ux]|\bexport\s*(\*|default)|\[(?!\s*\])|\.\.\./

/** Rules handler-exists, initializer and node-resolve, by the text of the code. */
export async function check(subject: Subject): Promise<readonly Finding[]> {
  const started = await startedFiles(subject)
  return [...(await checkHandler(subject)), ...(await nodeResolve(subject, started))]
}

/**
 * Rules handler-exists and initializer, without running anything: the file names them. Exports
 * can be made in too many ways to be sure of more; the load check is the proof.
 */
async function checkHandler(subject: Subject): Promise<readonly Finding[]> {
  const { handler, package: packed } = subject
  if (handler?.form !== 'file.function') return []
  const { archive } = packed
  const [entry] = entries(subject).flatMap((path) =>
    archive.entries.filter((file) => file.path === path),
  )
  // A link's own text is a path, and what it leads to is the load check's to find.
  if (entry?.kind !== 'file' || entry.size > SOURCE_BYTES_MAX) return []
  const text = (await archive.read(entry.path, SOURCE_BYTES_MAX)).toString('utf8')
  if (BY_OTHER_WAYS.test(text)) return []
  const names = exportedIn(text)
  const exported = names.length > 0 ? listed(names, NAMES_LISTED_MAX) : undefined
  return functionsOf(handler.function, subject.request.initializer)
    .filter(([, name]) => !mentions(text, name))
    .map(([rule, name]) => {
      const said = handlerExistsTexts.nodejs(rule, entry.path, name, exported)
      return finding(rule, 'error', said, { path: entry.path })
    })
}

const NAMED_EXPORT =
  /\bexports\s*\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=(?!=)|^\s*export\s+(?:async\s+)?(?:function\b\s*\*?|const|let|var|class)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu

/** The names that are exported one by one: what was meant, where the handler's is not there. */
function exportedIn(text: string): string[] {
  const found = [...text.matchAll(NAMED_EXPORT)].flatMap(([, older, newer]) => older ?? newer ?? [])
  return [...new Set(found)]
}

function mentions(text: string, name: string): boolean {
  const escaped = name.replaceAll('$', String.raw`\$`)
  const inWord = String.raw`[\p{ID_Continue}$]`
  return new RegExp(`(?<!${inWord})${escaped}(?!${inWord})`, 'u').test(text)
}
