import { describe, expect, test } from 'vitest'
import { until } from '../../../../test/harness/processes.ts'
import { runCommand, runToEnd } from './command.ts'

const options = { env: { PATH: '/usr/bin:/bin' }, timeoutMs: 10_000 }

describe('runCommand', () => {
  test('answers what both streams had', async () => {
    const output = await runCommand(['/bin/sh', '-c', 'echo one; echo two >&2'], options)
    expect(output.split('\n').sort()).toEqual(['', 'one', 'two'])
  })

  test('names the tool and its last line when it fails', async () => {
    const run = runCommand(
      ['/bin/sh', '-c', 'echo first; echo "E: no such thing"; exit 7'],
      options,
    )
    await expect(run).rejects.toThrow(/^sh failed: E: no such thing$/)
  })

  test('says when the tool is not there', async () => {
    await expect(runCommand(['no-such-tool'], options)).rejects.toThrow(
      'no-such-tool can not be run (ENOENT)',
    )
  })
})

describe('runToEnd', () => {
  test('answers any code with the output', async () => {
    const result = await runToEnd(['/bin/sh', '-c', 'echo so; exit 7'], options)
    expect(result).toEqual({ code: 7, output: 'so\n' })
  })

  test('keeps the end of an output without end', async () => {
    const script = 'yes x | head -c 3000000; echo last'
    const { output } = await runToEnd(['/bin/sh', '-c', script], options)
    expect(output.length).toBe(256 * 1024)
    expect(output.endsWith('x\nlast\n')).toBe(true)
  })

  test.each([
    ['at its deadline', { ...options, timeoutMs: 300 }, 'sh took over 0.3 s'],
    ['by its signal', { ...options, signal: AbortSignal.timeout(300) }, 'sh was called off'],
  ])('ends %s with all it has started', async (_, bounded, message) => {
    // A fraction that no other process on this machine sleeps for.
    const seconds = `60.${process.pid}${message.length}`
    const run = runToEnd(['/bin/sh', '-c', `sleep ${seconds} & sleep ${seconds}`], bounded)
    await expect(run).rejects.toThrow(message)
    const list = () => runToEnd(['/bin/ps', '-eo', 'pid,args'], options)
    await until(async () => !(await list()).output.includes(`sleep ${seconds}`))
  })

  test('starts nothing that lasts when it was called off before', async () => {
    const run = runToEnd(['/bin/sleep', '60'], { ...options, signal: AbortSignal.abort() })
    await expect(run).rejects.toThrow('sleep was called off')
  })
})
