import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import type { ToolCommand, ToolResult } from './command.ts'
import { type Evidence, exceeded } from './exceeded.ts'
import type { Controller } from './groups/controllers.ts'
import type { Met } from './groups/met.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { OverLimit } from './over-limit.ts'

const command: ToolCommand = {
  argv: ['/usr/bin/npm', 'ci'],
  cwd: '/build',
  env: {},
  network: 'none',
  binds: [{ from: tmpdir(), to: '/build', writable: true }],
}
const result: ToolResult = { exitCode: 1, signal: null, ms: 1, stdout: '', stderr: '', output: [] }

function judge(said: string, more: Partial<ToolResult> = {}, evidence: Partial<Evidence> = {}) {
  const none = { held: new Set<Controller>(), met: async () => undefined }
  const usual = { ...none, limits: DEFAULT_LIMITS, wasMemoryShort: async () => false }
  return exceeded(command, { ...result, output: [said], ...more }, { ...usual, ...evidence })
}

const bounded = (met: Met, wasMemoryShort = true): Partial<Evidence> => ({
  held: new Set(['memory', 'pids', 'cpu'] as const),
  met: async () => met,
  wasMemoryShort: async () => wasMemoryShort,
})

describe('the failure of a limit', () => {
  it.each([
    ['sh: 1: Cannot fork', 'TOO_MANY_PROCESSES', '2048', 'PACKLINE_PROCESSES_MAX'],
    ['bash: fork: Resource temporarily unavailable', 'TOO_MANY_PROCESSES', '2048', 'PROCESSES'],
    ['Error: spawn /usr/bin/node EAGAIN', 'TOO_MANY_PROCESSES', '2048', 'PROCESSES'],
    ["RuntimeError: can't start new thread", 'TOO_MANY_PROCESSES', '2048', 'PROCESSES'],
    ['OutOfMemoryError: unable to create native thread', 'TOO_MANY_PROCESSES', '2048', 'PROC'],
    [
      'open /build/x: too many open files',
      'TOO_MANY_OPEN_FILES',
      '8192',
      'PACKLINE_OPEN_FILES_MAX',
    ],
    ['Error: EMFILE: too many open files', 'TOO_MANY_OPEN_FILES', '8192', 'PACKLINE_OPEN_FILES'],
    ['fork: Cannot allocate memory', 'OUT_OF_MEMORY', '4096 MiB', 'PACKLINE_MEMORY_MIB_MAX'],
    ['terminate called after throwing std::bad_alloc', 'OUT_OF_MEMORY', '4096', 'MEMORY'],
    ['MemoryError', 'OUT_OF_MEMORY', '4096', 'PACKLINE_MEMORY_MIB_MAX'],
    ['write error: No space left on device', 'TOO_MUCH_DISK', '/tmp (512 MiB)', 'PACKLINE_TMP_MIB'],
    ['dd: File too large', 'TOO_MUCH_DISK', '4096 MiB', 'smaller files'],
  ])('is found by what the tool says: %s', async (said, code, value, hint) => {
    const failure = await judge(said)
    expect(failure).toMatchObject({ code })
    expect(failure).toBeInstanceOf(OverLimit)
    expect(failure?.message).toContain(value)
    expect(failure?.hint).toContain(hint)
    expect(failure?.output).toEqual([said])
    expect(await judge(said, { exitCode: 0 })).toBeUndefined()
  })

  it('is found by the counters of control groups where they bound it', async () => {
    const memory = await judge('Killed', {}, bounded('memory'))
    expect(memory).toMatchObject({ code: 'OUT_OF_MEMORY' })
    expect(memory?.message).toBe(
      'npm and what it started needed more than 4096 MiB of memory, their limit',
    )
    expect(await judge('', {}, bounded('processes'))).toMatchObject({ code: 'TOO_MANY_PROCESSES' })
    const nothing = { ...bounded('memory'), met: async () => undefined }
    for (const said of ['Cannot fork', 'Cannot allocate memory']) {
      expect(await judge(said, { exitCode: null, signal: 'SIGKILL' }, nothing)).toBeUndefined()
    }
  })

  it('is the machine’s where the command kept to its own', async () => {
    const failure = await judge('', { exitCode: null, signal: 'SIGKILL' }, bounded('machine'))
    expect(failure).toMatchObject({ code: 'MEMORY_FULL' })
    expect(failure).not.toBeInstanceOf(OverLimit)
  })

  it('is not made of words that mean something else', async () => {
    for (const said of ['ENOSPC: System limit for number of file watchers reached', 'no room']) {
      expect(await judge(said), said).toBeUndefined()
    }
    const unbounded = { limits: undefined }
    expect(await judge('EMFILE', {}, unbounded)).toBeUndefined()
  })

  it('is that of one file’s size at the signal for it', async () => {
    const failure = await judge('', { exitCode: null, signal: 'SIGXFSZ' })
    expect(failure).toMatchObject({ code: 'TOO_MUCH_DISK' })
  })
})
