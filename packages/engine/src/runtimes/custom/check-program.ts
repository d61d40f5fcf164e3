import { posix } from 'node:path'
import { PacklineError } from '@packline/shared'
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
    throw new PacklineError(
      'ENTRY_MISSING',
      `build.command starts ${program}, which is not in the source`,
      { hint: 'The command is run in the folder of the source: name a file of it, or a program.' },
    )
  }
  if (file.linkTarget !== undefined || file.size > SCRIPT_BYTES_MAX) return
  const text = (await tree.read(path, SCRIPT_BYTES_MAX)).toString('latin1')
  const wrong = wrongIn(text, file.executable)
  if (!wrong) return
  throw new PacklineError('MANIFEST_INVALID', `${path}${wrong.what}`, { hint: wrong.hint })
}

function wrongIn(text: string, executable: boolean) {
  const first = text.slice(0, text.indexOf('\n'))
  if (first.startsWith('#!') && first.endsWith('\r')) {
    return {
      what: ':1: its lines end in CRLF, as Windows writes them; Linux takes the CR for a part of the name',
      hint: 'Save it with LF line ends.',
    }
  }
  if (executable) return undefined
  return {
    what: ' is not executable',
    hint: 'Give it mode 0755, or let the command start its interpreter: ["sh", "build.sh"].',
  }
}
