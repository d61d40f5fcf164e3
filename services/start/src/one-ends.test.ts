import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { whileAllRun } from './one-ends.ts'

const never = AbortSignal.any([])

/** Work that only its signal ends. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return wait(60_000, undefined, { signal }) as Promise<never>
}

describe('whileAllRun', () => {
  test('gives what the work gives', async () => {
    const needed = [{ name: 'Redis' }, { name: 'The API', exited: new Promise(() => undefined) }]
    expect(await whileAllRun(needed, never, async () => 7)).toBe(7)
  })

  test('throws when a process ends by itself, with its code and its log', async () => {
    const needed = [
      { name: 'Redis', exited: new Promise(() => undefined) },
      { name: 'The worker', exited: Promise.resolve(3), logFile: '.local/worker.log' },
    ]
    await expect(whileAllRun(needed, never, untilAborted)).rejects.toMatchObject({
      message: 'The worker ended by itself (exit code 3)',
      hint: '.local/worker.log says more.',
    })
  })

  test('tells a process that was killed from one that ended', async () => {
    const needed = [{ name: 'The API', exited: Promise.resolve(undefined) }]
    await expect(whileAllRun(needed, never, untilAborted)).rejects.toThrow('(by a signal)')
  })

  test('an end after the work is over is what was wanted', async () => {
    const { promise: exited, resolve } = Promise.withResolvers<number>()
    let given: AbortSignal | undefined
    await whileAllRun([{ name: 'The worker', exited }], never, async (signal) => {
      given = signal
    })
    resolve(0)
    await exited
    expect(given?.aborted).toBe(false)
  })

  test('who is asked to stop throws that reason, whatever ends on the way', async () => {
    const stop = new AbortController()
    const { promise: exited, resolve } = Promise.withResolvers<number>()
    const work = whileAllRun([{ name: 'Redis', exited }], stop.signal, untilAborted)
    stop.abort(new Error('stopped by SIGINT'))
    resolve(0)
    await expect(work).rejects.toThrow('stopped by SIGINT')
  })

  test('hands on what the work throws', async () => {
    const failing = () => Promise.reject(new Error('of its own'))
    await expect(whileAllRun([], never, failing)).rejects.toThrow('of its own')
  })
})
