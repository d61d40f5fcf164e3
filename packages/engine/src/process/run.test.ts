import { access, constants, mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LIMITS, type PacklineError } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeHider } from '../secrets/hider.ts'
import type { RunOptions, RunTool, ToolCommand } from './command.ts'
import { runTool } from './run.ts'
import { findIsolation } from './sandbox.ts'
import { processesWith, uniqueSeconds, until } from './test-marker.ts'

const fence = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
const open = await findIsolation({ unsandboxed: true })
const ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' }

describe.each([
  ['in the sandbox', fence],
  ['without a sandbox', open],
])('runTool %s', (title, isolation) => {
  const run: RunTool = runTool(isolation)
  let folder = ''
  const sh = (script: string, options: Partial<RunOptions> = {}, env = {}) =>
    command(['sh', '-c', script], options, { env: { ...ENV, ...env } })
  const command = (
    argv: readonly string[],
    options: Partial<RunOptions> = {},
    more: Partial<ToolCommand> = {},
  ) => {
    const binds = [{ from: folder, to: '/build', writable: true }]
    const usual = { signal: AbortSignal.timeout(60_000), timeoutMs: 30_000, outputBytesMax: 1e6 }
    return run(
      { argv, cwd: '/build', env: ENV, network: 'none', binds, ...more },
      { ...usual, ...options },
    )
  }
  const failure = (promise: Promise<unknown>): Promise<PacklineError> =>
    promise.then(
      (value) => Promise.reject(new Error(`it did not fail: ${JSON.stringify(value)}`)),
      (error) => error,
    )

  beforeAll(async () => {
    expect(isolation.kind).toBe(title === 'in the sandbox' ? 'sandbox' : 'none')
    folder = await mkdtemp(join(tmpdir(), 'packline-run-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('shows no secret in lines, streams and errors', async () => {
    const lines: string[] = []
    const hide = makeHider(['hush'])
    const options = { hide, onLine: (line: string) => lines.push(line) }
    const result = await sh('echo a hush; echo b hush >&2; sleep 0.1; printf hush', options)
    expect(result).toMatchObject({ stdout: 'a ***\n***', stderr: 'b ***\n' })
    expect(result.output.toSorted()).toEqual(['***', 'a ***', 'b ***'])
    expect(lines.toSorted()).toEqual(['***', 'a ***', 'b ***'])
    const late = await failure(sh('echo hush; sleep 60', { hide, timeoutMs: 1500 }))
    expect(late).toMatchObject({ code: 'TIMED_OUT', output: ['***'] })
  })

  it('gives exit code, both streams, the last lines and the time', async () => {
    const result = await sh('echo 编译; sleep 0.1; echo bad >&2; sleep 0.1; printf end; exit 3')
    expect(result).toMatchObject({
      exitCode: 3,
      signal: null,
      stdout: '编译\nend',
      stderr: 'bad\n',
      output: ['编译', 'bad', 'end'],
    })
    expect(result.ms).toBeGreaterThanOrEqual(200)
  })

  it('passes arguments as they are, never through a shell', async () => {
    const odd = ['$(id)', '; id', 'a b', '', '*', "'", '-n', '\n']
    const result = await command(['printf', '[%s]', ...odd])
    expect(result.stdout).toBe(odd.map((text) => `[${text}]`).join(''))
  })

  it('gives the whole environment and inherits nothing', async () => {
    const { stdout } = await command(['env'], {}, { env: { PATH: '/usr/bin', A: 'x=y 中' } })
    const names = stdout.trim().split('\n').sort()
    const added = isolation.fence ? /^PWD=\/build$/ : /^PACKLINE_COMMAND=/
    expect(names.filter((line) => !added.test(line))).toEqual(['A=x=y 中', 'PATH=/usr/bin'])
  })

  it('gives an empty input, or the one that is passed', async () => {
    expect((await command(['cat'])).stdout).toBe('')
    const input = '行\n'.repeat(100_000)
    expect((await command(['wc', '-c'], { input })).stdout.trim()).toBe('400000')
    expect((await command(['true'], { input })).exitCode).toBe(0)
  })

  it('calls onLine while the tool runs', async () => {
    const go = join(folder, 'go')
    const onLine = (line: string) => {
      if (line === 'ready') void writeFile(go, '')
    }
    const result = await sh('echo ready; while [ ! -e go ]; do sleep 0.02; done; echo went', {
      onLine,
    })
    expect(result.output).toEqual(['ready', 'went'])
  })

  it('tells the signal that ended the tool', async () => {
    expect(await sh('kill -TERM $$')).toMatchObject({ exitCode: null, signal: 'SIGTERM' })
    expect(await sh('kill -KILL $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
  })

  it('ends with TIMED_OUT at the limit, and leaves no process', async () => {
    const seconds = uniqueSeconds()
    const script = `trap '' TERM HUP INT; echo waiting; sleep ${seconds} & wait; wait`
    const error = await failure(sh(script, { timeoutMs: 600 }))
    expect(error).toMatchObject({ code: 'TIMED_OUT', output: ['waiting'] })
    expect(error.message).toBe('sh ran for 0.6 s, its limit')
    expect(error.hint).toContain('build.timeoutSeconds')
    expect(await processesWith(seconds)).toEqual([])
  })

  it('throws the reason of the signal, after all processes have ended', async () => {
    const seconds = uniqueSeconds()
    const controller = new AbortController()
    const reason = new Error('cancelled by its owner')
    const onLine = async () => {
      // Shows too that the search finds what is there.
      await until(async () => (await processesWith(seconds)).length > 0)
      controller.abort(reason)
    }
    const script = `sleep ${seconds} & echo started; wait`
    expect(await failure(sh(script, { signal: controller.signal, onLine }))).toBe(reason)
    expect(await processesWith(seconds)).toEqual([])
  })

  it('does not start when the signal was aborted before', async () => {
    const reason = new Error('too late')
    const signal = AbortSignal.abort(reason)
    const slot = await isolation.acquireSlot(new AbortController().signal)
    expect(await failure(sh('touch started', { signal }))).toBe(reason)
    expect(await failure(sh('touch started', { signal, slot }))).toBe(reason)
    slot.release()
    expect((await sh('ls')).stdout).not.toContain('started')
  })

  it('ends when the signal is aborted while it starts', async () => {
    const controller = new AbortController()
    const reason = new Error('at once')
    const slot = await isolation.acquireSlot(new AbortController().signal)
    const running = [
      failure(sh('sleep 30', { signal: controller.signal })),
      failure(sh('sleep 30', { signal: controller.signal, slot })),
    ]
    controller.abort(reason)
    expect(await Promise.all(running)).toEqual([reason, reason])
    slot.release()
  })

  it('ends the command and throws what onLine throws', async () => {
    const seconds = uniqueSeconds()
    const reason = new Error('the log is gone')
    const onLine = () => {
      throw reason
    }
    expect(await failure(sh(`echo line; sleep ${seconds}`, { onLine }))).toBe(reason)
    expect(await processesWith(seconds)).toEqual([])
  })

  it('ends with TOO_MUCH_OUTPUT at the limit of both streams together', async () => {
    const error = await failure(sh('yes out & yes err >&2', { outputBytesMax: 2 ** 20 }))
    expect(error).toMatchObject({ code: 'TOO_MUCH_OUTPUT' })
    expect(error.message).toBe('sh printed more than 1 MiB, its limit')
    expect(error.output).toHaveLength(40)
    const exact = await sh('head -c 1048576 /dev/zero', { outputBytesMax: 2 ** 20 })
    expect(exact.exitCode).toBe(0)
  })

  it('takes a line of 100 MB in pieces', async () => {
    let longest = 0
    let bytes = 0
    const onLine = (line: string) => {
      longest = Math.max(longest, line.length)
      bytes += line.length
    }
    const script = 'head -c 100000000 /dev/zero | tr "\\0" x'
    const result = await sh(script, { onLine, outputBytesMax: 1e9 })
    expect([longest, bytes]).toEqual([LIMITS.logLineBytesMax, 100_000_000])
    expect(result.stdout).toHaveLength(64 * 1024)
  })

  it('says which tool is missing', async () => {
    for (const file of ['/usr/bin/no-such-tool', 'no-such-tool', '/build/no-such-tool']) {
      const error = await failure(command([file]))
      expect(error).toMatchObject({ code: 'TOOL_MISSING' })
      expect(error.message).toContain(`${file} could not be started on this worker`)
      expect(error.hint).toContain('Install no-such-tool')
    }
    await sh('echo text > not-executable')
    expect(await failure(command(['/build/not-executable']))).toMatchObject({
      code: 'TOOL_MISSING',
    })
  })

  it('takes exit codes 126 and 127 of the tool itself as results', async () => {
    expect(await sh('no-such-tool')).toMatchObject({ exitCode: 127 })
    expect(await sh('echo "bwrap: oops" >&2; exit 1')).toMatchObject({ exitCode: 1 })
    expect(await sh('exit 126')).toMatchObject({ exitCode: 126 })
  })

  const leftovers: [string, (seconds: string) => string][] = [
    ['ignores signals', (seconds) => `(trap '' TERM HUP INT; sleep ${seconds}) & echo main`],
    ['left the group with setsid', (seconds) => `setsid sleep ${seconds} & echo main`],
    [
      'is a daemon',
      (seconds) => `(setsid sh -c 'sleep ${seconds} &' >/dev/null 2>&1 &); echo main`,
    ],
    ['closed all streams', (seconds) => `setsid sleep ${seconds} <&- >&- 2>&- & echo main`],
  ]
  it.each(leftovers)('ends a process that %s and outlives the tool', async (_, script) => {
    const seconds = uniqueSeconds()
    const result = await sh(`${script(seconds)}; sleep 0.05`)
    expect(result).toMatchObject({ exitCode: 0, stdout: 'main\n' })
    expect(await processesWith(seconds)).toEqual([])
  })

  it.each(leftovers)('ends a process that %s when time is up', async (_, script) => {
    const seconds = uniqueSeconds()
    const endless = `${script(seconds)}; while :; do sleep 1; done`
    const error = await failure(sh(endless, { timeoutMs: 500 }))
    expect(error).toMatchObject({ code: 'TIMED_OUT', output: ['main'] })
    expect(await processesWith(seconds)).toEqual([])
  })

  it('runs many at once, each with its own output', async () => {
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) => sh(`echo ${index}; exit ${index}`)),
    )
    expect(results.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(
      results.map((_, index) => [index, `${index}\n`]),
    )
  })
})

/** The memory controller of control groups, version 1 or 2; a limit needs one that is writable. */
async function findController() {
  const places = [
    { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
    { folder: '/sys/fs/cgroup', limit: 'memory.max' },
  ]
  for (const place of places) {
    const folder = `${place.folder}/packline-test-${process.pid}`
    try {
      await mkdir(folder)
      await access(`${folder}/${place.limit}`, constants.W_OK)
      return { folder, limit: `${folder}/${place.limit}` }
    } catch {
      // Not this version, or not for us.
      await rmdir(folder).catch(() => undefined)
    }
  }
  return undefined
}

const controller = await findController()

describe('runTool where memory runs out', () => {
  it('ends with OUT_OF_MEMORY when the kernel killed the tool', async ({ skip }) => {
    if (!controller) return skip('no control group for memory can be made here')
    const { folder, limit } = controller
    const run = runTool(open)
    const eat = 'const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1))'
    const enter = `echo 50000000 > ${limit} && echo $$ > ${folder}/cgroup.procs`
    const script = `${enter} && exec "$0" -e '${eat}'`
    const running = run(
      {
        argv: ['sh', '-c', script, process.execPath],
        cwd: '/',
        env: { PATH: '/usr/bin:/bin' },
        network: 'none',
        binds: [],
      },
      { signal: AbortSignal.timeout(60_000), timeoutMs: 30_000, outputBytesMax: 1e6 },
    )
    await expect(running).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: 'The kernel killed sh: the worker ran out of memory',
    })
    await rmdir(folder)
  })
})
