import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { killGroup, killStrays, memoryKills, untilCollected, waitUntilGone } from './processes.ts'
import { processesWith, uniqueSeconds, until } from './test-marker.ts'

describe('waitUntilGone', () => {
  it('returns once the process has ended', async () => {
    const child = spawn('sleep', ['30'])
    const gone = waitUntilGone(child.pid ?? 0)
    const early = await Promise.race([gone, Promise.resolve('still there')])
    expect(early).toBe('still there')
    child.kill('SIGKILL')
    expect(await gone).toBe(true)
  })

  it('counts a process that nobody collects as gone', async () => {
    // The shell becomes a sleep, which knows nothing of the child that the shell had started.
    const child = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 30'])
    const [line] = await once(child.stdout, 'data')
    const zombie = Number(line)
    expect(await waitUntilGone(zombie)).toBe(true)
    expect(await readFile(`/proc/${zombie}/stat`, 'utf8')).toContain(') Z ')
    child.kill('SIGKILL')
    await once(child, 'close')
  })
})

describe('untilCollected', () => {
  it('waits for a zombie until somebody collects it, and no longer than it may', async () => {
    // The shell becomes a sleep that collects nobody: when it ends, process 1 does.
    const child = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'])
    const [line] = await once(child.stdout, 'data')
    const zombie = Number(line)
    await waitUntilGone(zombie)
    const started = performance.now()
    await untilCollected(100)
    expect(performance.now() - started).toBeGreaterThanOrEqual(100)
    const collected = untilCollected(10_000)
    child.kill('SIGKILL')
    await collected
    const left = await readFile(`/proc/${zombie}/stat`, 'utf8').catch(() => 'gone')
    expect(left).not.toContain(') Z ')
  })
})

describe('killGroup', () => {
  it('kills all of a group, and does nothing where none is left', async () => {
    const seconds = uniqueSeconds()
    const child = spawn('sh', ['-c', `sleep ${seconds} & sleep ${seconds}`], { detached: true })
    await until(async () => (await processesWith(seconds)).length === 2)
    killGroup(child.pid)
    await once(child, 'close')
    expect(await processesWith(seconds)).toEqual([])
    killGroup(child.pid)
    killGroup(undefined)
  })
})

describe('killStrays', () => {
  it('kills those that were started with the marker, and nobody else', async () => {
    const [marked, other] = [uniqueSeconds(), uniqueSeconds()]
    const start = (seconds: string, value: string) =>
      spawn('setsid', ['sh', '-c', `sleep ${seconds} & wait`], {
        env: { PATH: '/usr/bin:/bin', PACKLINE_COMMAND: value },
      })
    const children = [start(marked, 'one-1'), start(other, 'one-2')]
    await until(async () => (await processesWith(marked)).length === 1)
    await until(async () => (await processesWith(other)).length === 1)
    await killStrays('PACKLINE_COMMAND=one-1')
    expect(await processesWith(marked)).toEqual([])
    expect(await processesWith(other)).toHaveLength(1)
    await killStrays('PACKLINE_COMMAND=one-2')
    expect(await processesWith(other)).toEqual([])
    for (const child of children) expect(child.exitCode ?? child.signalCode).not.toBe(0)
  })
})

describe('memoryKills', () => {
  it('is a count that never falls', async () => {
    const first = await memoryKills()
    expect(Number.isInteger(first)).toBe(true)
    expect(await memoryKills()).toBeGreaterThanOrEqual(first)
  })
})
