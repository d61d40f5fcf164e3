import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runToEnd } from './process/command.ts'

const CANARY = 'canary-2Hs6-of-a-fault'
const HERE = import.meta.dirname

/** What a process prints that throws a Redis error. */
async function ended(fault: string) {
  const code = `
    import { endOnFault } from ${JSON.stringify(join(HERE, 'end-on-fault.ts'))}
    import { errorForLog } from ${JSON.stringify(join(HERE, 'error-for-log.ts'))}
    import { pino } from 'pino'
    endOnFault(pino({ serializers: { error: errorForLog } }))
    const error = Object.assign(new Error('NOPERM'), { command: { args: ['${CANARY}'] } })
    ${fault}
    setTimeout(() => console.log('still there'), 20_000)
  `
  const argv: [string, ...string[]] = [process.execPath, '--input-type=module', '-e', code]
  return runToEnd(argv, { cwd: HERE, env: {}, timeoutMs: 30_000 })
}

test.each([
  ['thrown later', 'setImmediate(() => { throw error })'],
  ['a rejection that nobody hears', 'void Promise.reject(error)'],
])('%s ends the process with a line of its log, and nothing of its command', async (_, fault) => {
  const { code, output } = await ended(fault)
  expect(code).toBe(1)
  expect(JSON.parse(output)).toMatchObject({ level: 60, error: { message: 'NOPERM' } })
  expect(output).not.toContain(CANARY)
})
