import { describe, expect, it } from 'vitest'
import type { ToolCommand } from './command.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { type Ended, outcome } from './outcome.ts'

const command: ToolCommand = {
  argv: ['/usr/bin/mvn', 'package'],
  cwd: '/build',
  env: {},
  network: 'none',
  binds: [],
}
const options = { signal: new AbortController().signal, timeoutMs: 90_000, outputBytesMax: 2 ** 20 }
const started = '{ "child-pid": 12 }\n{ "exit-code": 1 }\n'
const ended: Ended = {
  code: 0,
  signal: null,
  ms: 12,
  stdout: 'out',
  stderr: '',
  output: ['out'],
  isFenced: true,
  status: started,
}

const judge = (found: Partial<Ended>, wasMemoryShort = false) =>
  outcome(command, options, { ...ended, ...found }, DEFAULT_LIMITS, {
    held: new Set(),
    met: async () => undefined,
    wasMemoryShort: async () => wasMemoryShort,
  })

describe('outcome', () => {
  it('is a result whatever the exit code is', async () => {
    expect(await judge({ code: 7 })).toEqual({
      exitCode: 7,
      signal: null,
      ms: 12,
      stdout: 'out',
      stderr: '',
      output: ['out'],
    })
  })

  it('reads the signal out of the exit code that bubblewrap gives', async () => {
    expect(await judge({ code: 137 })).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
    expect(await judge({ code: 139 })).toMatchObject({ exitCode: null, signal: 'SIGSEGV' })
    expect(await judge({ code: 255 })).toMatchObject({ exitCode: 255, signal: null })
    expect(await judge({ code: 128 })).toMatchObject({ exitCode: 128, signal: null })
    const unfenced = { isFenced: false, status: '' }
    expect(await judge({ ...unfenced, code: 137 })).toMatchObject({ exitCode: 137, signal: null })
    const killed = { ...unfenced, code: null, signal: 'SIGKILL' as const }
    expect(await judge(killed)).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
  })

  it('blames the want of memory for a kill only where the kernel says so', async () => {
    await expect(judge({ code: 137 }, true)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
    const bwrapKilled = { code: null, signal: 'SIGKILL' as const, status: '' }
    await expect(judge(bwrapKilled, true)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
    expect(await judge({ code: 1 }, true)).toMatchObject({ exitCode: 1 })
  })

  it('names limit and remedy of a command that we ended', async () => {
    const timedOut = judge({ stop: { kind: 'timeout' }, code: null, signal: 'SIGKILL' }, true)
    await expect(timedOut).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: 'mvn ran for 90 s, its limit',
      output: ['out'],
    })
    await expect(judge({ stop: { kind: 'output' } })).rejects.toMatchObject({
      code: 'TOO_MUCH_OUTPUT',
      message: 'mvn printed more than 1 MiB, its limit',
      hint: expect.stringContaining('PACKLINE_OUTPUT_MIB_MAX'),
    })
    await expect(judge({ stop: { kind: 'disk', found: 'disk space' } })).rejects.toMatchObject({
      code: 'TOO_MUCH_DISK',
      message: "mvn has filled the build's folders with more than 10240 MiB, their limit",
    })
    await expect(judge({ stop: { kind: 'disk', found: 'files' } })).rejects.toMatchObject({
      code: 'TOO_MANY_FILES',
      message: 'mvn has made more than 1000000 files and folders, the limit of a build',
    })
    const reason = { not: 'even an error' }
    await expect(judge({ stop: { kind: 'thrown', reason } })).rejects.toBe(reason)
  })

  it('is the sandbox’s failure when the command was never started', async () => {
    const stderr = "bwrap: Can't find source path /x: No such file or directory\n"
    await expect(judge({ code: 1, status: '', stderr })).rejects.toMatchObject({
      code: 'SANDBOX_FAILED',
      message: stderr.trim(),
    })
  })

  it('is a missing tool when the fence’s programs say that they can not start it', async () => {
    const words = [
      { code: 1, status: '', stderr: 'bwrap: execvp /usr/bin/mvn: No such file or directory\n' },
      { code: 127, stderr: 'setpriv: failed to execute mvn: No such file or directory\n' },
      { code: 126, stderr: '/usr/bin/env: ‘mvn’: Permission denied\n' },
    ]
    for (const found of words) {
      await expect(judge(found), found.stderr).rejects.toMatchObject({ code: 'TOOL_MISSING' })
    }
    const startError = new Error('spawn /usr/bin/mvn ENOENT')
    const unfenced = { isFenced: false, status: '', code: null, startError }
    await expect(judge(unfenced)).rejects.toMatchObject({ code: 'TOOL_MISSING', cause: startError })
  })

  it('does not take the tool’s own words for those of the fence', async () => {
    const own = 'setpriv: failed to execute x: No such file or directory\n'
    expect(await judge({ code: 1, stderr: own })).toMatchObject({ exitCode: 1 })
    const later = `working\n${own}`
    expect(await judge({ code: 127, stderr: later })).toMatchObject({ exitCode: 127 })
  })

  it('passes on what else keeps a process from starting', async () => {
    const startError = new Error('spawn EAGAIN')
    const failed = judge({ isFenced: false, status: '', code: null, startError })
    await expect(failed).rejects.toBe(startError)
  })
})
