import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'

const MODULE = join(import.meta.dirname, 'stop-request.ts')

/** A process that waits to be stopped, and then for `endMs` more. */
async function stoppedBy(signals: readonly NodeJS.Signals[], endMs: number) {
  const script = `import { stopRequest } from ${JSON.stringify(MODULE)}
const { signal, exitCode } = stopRequest()
const waiting = setInterval(() => {}, 1000)
signal.addEventListener('abort', () => {
  console.log(signal.reason.message)
  setTimeout(() => { clearInterval(waiting); process.exitCode = exitCode() }, ${endMs})
})
console.log('ready')`
  const argv = ['--input-type=module', '-e', script]
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  const ended = new Promise((resolve) => child.once('exit', resolve))
  for await (const text of child.stdout.setEncoding('utf8')) {
    said += text
    if (said.includes('ready') && signals.length > 0) {
      const [first, ...rest] = signals
      signals = []
      child.kill(first)
      for (const name of rest) await pause(1100).then(() => child.kill(name))
    }
  }
  return { code: await ended, said }
}

test('the first signal asks for an end in good order, with the code that shells give it', async () => {
  expect(await stoppedBy(['SIGTERM'], 10)).toEqual({
    code: 143,
    said: 'ready\nstopped by SIGTERM\n',
  })
})

test('a second one does not wait for it', async () => {
  expect(await stoppedBy(['SIGINT', 'SIGTERM'], 20_000)).toMatchObject({ code: 130 })
})
