import { posix } from 'node:path'
import type { Subject } from '../../runtime.ts'
import { entries } from '../plan.ts'

const SCRIPT_BYTES_MAX = 64 * 1024

/** The file that Node.js loads of the handler's; for HTTP functions those that bootstrap names. */
export async function startedFiles(subject: Subject): Promise<readonly string[]> {
  const { package: packed, request } = subject
  const { archive } = packed
  const wanted = entries(subject)
  const found = wanted.flatMap((path) => archive.entries.filter((entry) => entry.path === path))
  const [first] = found
  if (request.type !== 'http') return first ? [first.path] : []
  if (first?.kind !== 'file' || first.size > SCRIPT_BYTES_MAX) return []
  const text = (await archive.read(first.path, SCRIPT_BYTES_MAX)).toString('utf8')
  if (!text.startsWith('#!')) return []
  const named = text.matchAll(/(?:^|[\s"'=/])((?:[\w.@-]+\/)*[\w.@-]+\.[mc]?js)\b/gm)
  return [...new Set([...named].map(([, path = '']) => posix.normalize(path)))]
}
