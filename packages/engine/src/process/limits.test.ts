import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import type { RunOptions, ToolCommand } from './command.ts'
import { findPlaces } from './groups/find-places.ts'
import type { FenceForm, Isolation } from './isolation.ts'
import type { CommandLimits } from './limits.ts'
import { runTool } from './run.ts'
import { findIsolation } from './sandbox.ts'

const MIB = 1024 * 1024
const isRoot = process.getuid?.() === 0
const ENV = { PATH: '/usr/sbin:/usr/bin:/bin', LC_ALL: 'C.UTF-8' }
const bwrap = process.env.PACKLINE_TEST_BWRAP
/** The kernel counts the processes of a user, and other workers may have the usual ones. */
const uidBase = 62_000 + (process.pid % 2000)

const withGroups = await findIsolation({ bwrap })
const WAYS: [string, boolean, FenceForm][] = [
  ['control groups', true, isRoot ? 'mounts-first' : 'own-user'],
  ['limits of processes', false, isRoot ? 'mounts-first' : 'own-user'],
  ['limits of processes, in a container', false, 'user-first'],
]

async function isolationWith(limits: Partial<CommandLimits>, groups: boolean, form: FenceForm) {
  const found = await findIsolation({ bwrap, limits, groups, uidBase })
  if (!found.fence) throw new Error(`these tests need a sandbox: ${found.description}`)
  return { ...found, fence: { ...found.fence, form } } satisfies Isolation
}

describe.each(WAYS)('a command bounded by %s', (_, groups, form) => {
  async function bounded(
    limits: Partial<CommandLimits>,
    script: string,
    more: Partial<ToolCommand> = {},
    options: Partial<RunOptions> = {},
  ) {
    const folder = temporaryFolder()
    const binds = [{ from: folder, to: '/build', writable: true }]
    const usual = { signal: AbortSignal.timeout(60_000), timeoutMs: 30_000, outputBytesMax: 1e6 }
    return runTool(await isolationWith(limits, groups, form))(
      { argv: ['bash', '-c', script], cwd: '/build', env: ENV, network: 'none', binds, ...more },
      { ...usual, ...options },
    )
  }
  const isMissing = groups ? !withGroups.groups : form === 'user-first' && !isRoot

  it('runs as ever below its limits', async ({ skip }) => {
    if (isMissing) skip(withGroups.description)
    const { exitCode, stdout } = await bounded({ memoryBytesMax: 200 * MIB }, 'echo done')
    expect([exitCode, stdout]).toEqual([0, 'done\n'])
  })

  it('ends with OUT_OF_MEMORY', async ({ skip }) => {
    if (isMissing) skip(withGroups.description)
    const eat = 'set -o pipefail; head -c 400M /dev/zero | tail -c 400M | wc -c'
    await expect(bounded({ memoryBytesMax: 200 * MIB }, eat)).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: 'bash and what it started needed more than 200 MiB of memory, their limit',
      hint: expect.stringContaining('PACKLINE_MEMORY_MIB_MAX'),
    })
  })

  it('ends with TOO_MANY_PROCESSES', async ({ skip }) => {
    if (isMissing) skip(withGroups.description)
    const start = 'for n in $(seq 60); do sleep 2 & done; wait'
    const running = bounded({ processesMax: 30 }, start, { argv: ['sh', '-c', start] })
    await expect(running).rejects.toMatchObject({
      code: 'TOO_MANY_PROCESSES',
      message: 'sh and what it started were more than 30 processes and threads, their limit',
    })
    expect((await bounded({ processesMax: 100 }, start)).exitCode).toBe(0)
  })

  it('ends with TOO_MANY_OPEN_FILES', async ({ skip }) => {
    if (isMissing) skip(withGroups.description)
    const open = 'for n in $(seq 100); do exec {fd}</dev/null || exit 1; done'
    await expect(bounded({ openFilesMax: 64 }, open)).rejects.toMatchObject({
      code: 'TOO_MANY_OPEN_FILES',
      message: 'A process of bash had more than 64 files open, its limit',
    })
  })

  it('ends with TOO_MUCH_DISK, by one file, by many, by one that has no name', async ({ skip }) => {
    if (isMissing) skip(withGroups.description)
    const limits = { diskBytesMax: 40 * MIB }
    const one = bounded(limits, 'head -c 60M /dev/zero > large')
    await expect(one).rejects.toMatchObject({
      code: 'TOO_MUCH_DISK',
      message: 'bash wrote a file of more than 40 MiB, the limit of one file',
    })
    const fill = 'head -c 30M /dev/zero > $n'
    const many = bounded(limits, `for n in 1 2 3; do ${fill}; done; sleep 20`)
    await expect(many).rejects.toMatchObject({
      code: 'TOO_MUCH_DISK',
      message: "bash has filled the build's folders with more than 40 MiB, their limit",
    })
    const keep = `exec {fd}>$n; rm $n; head -c 30M /dev/zero >&$fd`
    const nameless = bounded(limits, `for n in 1 2 3; do ${keep}; done; sleep 20`)
    await expect(nameless).rejects.toMatchObject({ code: 'TOO_MUCH_DISK' })
  })

  it('ends with TOO_MUCH_DISK also where all was written before anybody looked', async ({
    skip,
  }) => {
    if (isMissing) skip(withGroups.description)
    const quick = bounded(
      { diskBytesMax: 2 * MIB },
      'for n in 1 2 3; do head -c 1M /dev/zero >$n; done',
    )
    await expect(quick).rejects.toMatchObject({ code: 'TOO_MUCH_DISK' })
  })

  it('ends with TOO_MANY_FILES', async ({ skip }) => {
    if (isMissing) skip(withGroups.description)
    const make = 'mkdir -p $(seq 1500); sleep 20'
    await expect(bounded({ filesMax: 1000 }, make)).rejects.toMatchObject({
      code: 'TOO_MANY_FILES',
      message: 'bash has made more than 1000 files and folders, the limit of a build',
    })
  })

  it('ends with TOO_MUCH_DISK where its /tmp is full', async ({ skip }) => {
    if (isMissing) skip(withGroups.description)
    const fill = 'head -c 20M /dev/zero > /tmp/full'
    await expect(bounded({ tmpBytesMax: 10 * MIB }, fill)).rejects.toMatchObject({
      code: 'TOO_MUCH_DISK',
      message: expect.stringContaining('no space left in /tmp (10 MiB)'),
    })
  })

  it('may remove whatever a build has left', async ({ skip }) => {
    if (isMissing) skip(withGroups.description)
    const make = 'mkdir -p $(seq 300); sleep 1'
    const { exitCode } = await bounded({ filesMax: 100 }, make, {}, { removes: true })
    expect(exitCode).toBe(0)
  })
})

describe('the control groups of commands', () => {
  it('are empty when the command has ended, and gone when its worker has', async ({ skip }) => {
    if (!withGroups.groups) skip(withGroups.description)
    const script = `
      import { runTool } from ${JSON.stringify(join(import.meta.dirname, 'run.ts'))}
      import { findIsolation } from ${JSON.stringify(join(import.meta.dirname, 'sandbox.ts'))}
      const isolation = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
      const run = (argv) => runTool(isolation)(
        { argv, cwd: '/', env: {}, network: 'none', binds: [] },
        { signal: AbortSignal.timeout(60000), timeoutMs: 300, outputBytesMax: 9 })
      await Promise.all([1, 2, 3].map(() => run(['/usr/bin/true'])))
      await run(['/no/such/tool']).catch(() => undefined)
      await run(['/usr/bin/sleep', '20']).catch(() => undefined)
      console.log('waiting')
      await new Promise((resolve) => process.stdin.once('data', resolve))
      process.exit()
    `
    const worker = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(worker.stdout, 'data')
    const groups = await groupsOf(worker.pid)
    expect(groups.length).toBeGreaterThanOrEqual(3)
    const inside = groups.map((folder) => readFile(join(folder, 'cgroup.procs'), 'utf8'))
    expect((await Promise.all(inside)).join('')).toBe('')
    worker.stdin.end('end')
    await once(worker, 'exit')
    expect(await groupsOf(worker.pid)).toEqual([])
  })

  it('hold every process of a command, from its first on', async ({ skip }) => {
    if (!withGroups.groups) skip(withGroups.description)
    const folder = join(temporaryFolder(), 'own')
    await mkdir(folder)
    const { stdout } = await runTool(withGroups)(
      {
        argv: ['sh', '-c', 'for pid in 1 $$; do grep -E "memory|pids|::" /proc/$pid/cgroup; done'],
        cwd: '/',
        env: ENV,
        network: 'none',
        binds: [{ from: folder, to: '/build', writable: true }],
      },
      { signal: AbortSignal.timeout(60_000), timeoutMs: 30_000, outputBytesMax: 1e6 },
    )
    // The namespace of groups begins at the command's own: a path of its own would lead outside.
    const paths = stdout
      .trim()
      .split('\n')
      .filter((line) => /memory|pids/.test(line))
    expect(new Set(paths.map((line) => line.split(':')[2]))).toEqual(new Set(['/']))
  })
})

async function groupsOf(pid: number | undefined): Promise<string[]> {
  const places = await findPlaces('/proc/self')
  const found = await Promise.all(
    places.map(async ({ folder }) =>
      (await readdir(folder))
        .filter((name) => name.startsWith(`packline-${pid}-`))
        .map((name) => join(folder, name)),
    ),
  )
  return found.flat()
}
