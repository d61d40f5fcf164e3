import type { Finding } from '@packline/shared'
import type { Subject } from '../runtime.ts'
import { entries } from './plan.ts'
import { nodeResolve } from './resolve/node-resolve.ts'
import { startedFiles } from './resolve/started-files.ts'

const SOURCE_BYTES_MAX = 8 * 1024 * 1024

/**
 * Ways to export something whose name does not stand in the file: from another module, computed,
 * escaped, or by code that is made when it runs. In a file that has any of them nothing is sure.
 */
const BY_OTHER_WAYS =
  /\b(require|import|eval|Function|Proxy|Reflect|assign|fromEntries|define\w*|parse|global\w*|process|with)\b|\\[ux]|\bexport\s*(\*|default)|\[(?!\s*\])|\.\.\./

/** Rules handler-exists and node-resolve, by the text of the code. */
export async function check(subject: Subject): Promise<readonly Finding[]> {
  const started = await startedFiles(subject)
  return [...(await checkHandler(subject)), ...(await nodeResolve(subject, started))]
}

/**
 * Rule handler-exists, without running anything: the file names the function somewhere. Exports
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
  const names = [handler.function, initializerOf(subject)].filter((name) => name !== undefined)
  return names
    .filter((name) => !mentions(text, name))
    .map((name) => ({
      rule: 'handler-exists',
      level: 'error',
      message: `${entry.path} exports no function "${name}"`,
      hint: `Add \`exports.${name} = async (event, context) => { ... }\`, or name another function.`,
      path: entry.path,
    }))
}

function initializerOf({ request }: Subject): string | undefined {
  return request.initializer?.slice(request.initializer.lastIndexOf('.') + 1)
}

function mentions(text: string, name: string): boolean {
  const escaped = name.replaceAll('$', String.raw`\$`)
  const inWord = String.raw`[\p{ID_Continue}$]`
  return new RegExp(`(?<!${inWord})${escaped}(?!${inWord})`, 'u').test(text)
}
