import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { PacklineError } from '@packline/shared'
import type { Terminal } from '../terminal.ts'

/** A key from the terminal, where it is not shown, else the first line of the standard input. */
export async function askKey({ stdin, stderr, signal }: Terminal): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const isTerminal = stdin.isTTY === true
  const lines = createInterface({ input: stdin, output: silent, terminal: isTerminal })
  try {
    if (isTerminal) stderr.write('key: ')
    // A raw terminal sends no signal for Ctrl-C: readline tells of it.
    const stopped = new Promise<never>((_, reject) => {
      lines.once('SIGINT', () => reject(new PacklineError('INVALID_REQUEST', 'No key was given')))
      lines.once('close', () => reject(new PacklineError('INVALID_REQUEST', 'No key was given')))
    })
    const key = (await Promise.race([lines.question('', { signal }), stopped])).trim()
    if (isTerminal) stderr.write('\n')
    if (key !== '') return key
    throw new PacklineError('INVALID_REQUEST', 'The key is empty', {
      hint: 'Give the key that the operator of the server gave you.',
    })
  } finally {
    lines.close()
  }
}
