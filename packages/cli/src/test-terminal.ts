import { Writable } from 'node:stream'
import type { Terminal } from './terminal.ts'

/** For tests: a terminal that keeps what it is told. */
export function testTerminal(more: Partial<Terminal> = {}) {
  const [stdout, stderr] = [kept(), kept()]
  const terminal: Terminal = {
    environment: {},
    stdin: process.stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    language: 'en',
    signal: AbortSignal.timeout(20_000),
    ...more,
  }
  return { terminal, stdout: stdout.text, stderr: stderr.text }
}

function kept() {
  let text = ''
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk
      done()
    },
  })
  return { stream: stream as NodeJS.WriteStream, text: () => text }
}
