import type { Finding } from '@packline/shared'
import type { Subject } from '../runtime.ts'
import { entries } from './plan.ts'

const SOURCE_BYTES_MAX = 8 * 1024 * 1024

/**
 * Rule handler-exists, without running anything: the file names the function somewhere. Exports
 * can be made in too many ways to be sure of more; the load check is the proof.
 */
export async function check(subject: Subject): Promise<readonly Finding[]> {
  const { handler, package: packed } = subject
  if (handler?.form !== 'file.function') return []
  const wanted = entries(subject)
  const entry = packed.archive.entries.find((file) => wanted.includes(file.path))
  if (!entry || entry.size > SOURCE_BYTES_MAX) return []
  const text = (await packed.archive.read(entry.path, SOURCE_BYTES_MAX)).toString('utf8')
  const names = [handler.function, initializerOf(subject)].filter((name) => name !== undefined)
  return names.flatMap((name): Finding[] => {
    if (mentions(text, name) || /export\s*\*|require\(|import\(/.test(text)) return []
    return [
      {
        rule: 'handler-exists',
        level: 'error',
        message: `${entry.path} exports no function "${name}"`,
        hint: `Add \`exports.${name} = async (event, context) => { ... }\`, or name another function.`,
        path: entry.path,
      },
    ]
  })
}

function initializerOf({ request }: Subject): string | undefined {
  return request.initializer?.slice(request.initializer.lastIndexOf('.') + 1)
}

function mentions(text: string, name: string): boolean {
  const escaped = name.replaceAll('$', String.raw`\$`)
  return new RegExp(String.raw`(?<![\p{L}\p{N}_$])${escaped}(?![\p{L}\p{N}_$])`, 'u').test(text)
}
