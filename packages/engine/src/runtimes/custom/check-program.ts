import { posix } from 'node:path'
import { failed } from '@packline/shared'
import { customFailures } from '../../texts/failures/custom.ts'
import type { Tree } from '../../tree.ts'

const SCRIPT_BYTES_MAX = 256 * 1024

/**
 * A command that starts a file of the source needs it as Linux starts one; any other is looked for
 * on the worker. Throws ENTRY_MISSING or MANIFEST_INVALID with the file.
 */
export async function checkProgram(tree: Tree, [program = '']: readonly string[]): Promise<void> {
  if (!program.includes('/') || posix.isAbsolute(program)) return
  const path = posix.normalize(program)
  const file = tree.find(path)
  if (!file) {
    throw failed('ENTRY_MISSING', customFailures.noProgram(program))
  }
  if (file.linkTarget !== undefined || file.size > SCRIPT_BYTES_MAX) return
  const text = (await tree.read(path, SCRIPT_BYTES_MAX)).toString('latin1')
  const first = text.slice(0, text.indexOf('\n'))
  if (first.startsWith('#!') && first.endsWith('\r')) {
    throw failed('MANIFEST_INVALID', customFailures.carriageReturns(path))
  }
  if (!file.executable) throw failed('MANIFEST_INVALID', customFailures.notExecutable(path))
}
