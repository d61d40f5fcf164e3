import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { contextIn } from '../../../test/harness/context.ts'
import { needs } from '../../../test/harness/needs.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import type { Isolation, Slot } from './process/isolation.ts'
import { findIsolation } from './process/sandbox.ts'
import { type BenchCommand, openWorkbench } from './workbench.ts'

const LIMIT_MS = 60_000
const shell = (script: string): BenchCommand => ({
  argv: ['/bin/sh', '-c', script],
  cwd: '/build/source',
  env: { PATH: '/usr/bin:/bin' },
  network: 'none',
})

/** Slots that are counted: what is taken must come back. */
function counted(isolation: Isolation) {
  const slots = { taken: 0, free: 0 }
  const acquireSlot = async (signal: AbortSignal): Promise<Slot> => {
    const slot = await isolation.acquireSlot(signal)
    slots.taken += 1
    const release = () => {
      slots.free += 1
      slot.release()
    }
    return { ...slot, release }
  }
  return { slots, isolation: { ...isolation, acquireSlot } }
}

test('nothing exists until it is asked for', async () => {
  const folder = temporaryFolder()
  const bench = openWorkbench(await contextIn(folder), LIMIT_MS)
  await bench.close()
  expect(readdirSync(folder)).toEqual([])
})

test('a tool sees the scratch at /build and the cache at /cache, and all but the cache goes', async () => {
  const folder = temporaryFolder()
  const context = await contextIn(folder)
  const bench = openWorkbench(context, LIMIT_MS)
  writeFileSync(join(await bench.folder('source'), 'a.txt'), '你好')
  const result = await bench.run({
    ...shell('cat a.txt; read line; echo " $line" > ../output/b.txt; touch /cache/kept'),
    env: { PATH: '/usr/bin:/bin', CACHE: '/cache' },
    input: 'from outside\n',
  })
  expect(result).toMatchObject({ exitCode: 0, stdout: '你好' })
  expect(readFileSync(join(await bench.folder('output'), 'b.txt'), 'utf8')).toBe(' from outside\n')
  expect(context.told.log).toEqual(['你好'])
  await bench.close()
  expect(readdirSync(context.scratchFolder)).toEqual([])
})

test('a build keeps one slot for all its tools and gives it back once', async () => {
  const base = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
  const { slots, isolation } = counted(base)
  const bench = openWorkbench(await contextIn(temporaryFolder(), { isolation }), LIMIT_MS)
  await bench.run(shell('true'))
  await bench.run(shell('true'))
  expect(slots).toEqual({ taken: 1, free: 0 })
  await bench.close()
  expect(slots).toEqual({ taken: 1, free: 1 })
})

test('all tools of a build share its limit', async () => {
  const bench = openWorkbench(await contextIn(temporaryFolder()), 1500)
  await bench.run(shell('sleep 0.9'))
  await expect(bench.run(shell('sleep 0.9'))).rejects.toMatchObject({ code: 'TIMED_OUT' })
  await bench.close()
})

test('trees without rights and deeper than a path may be are removed as well', async () => {
  const context = await contextIn(temporaryFolder())
  const bench = openWorkbench(context, LIMIT_MS)
  const deep = "for (let n = 0; n < 800; n++) { fs.mkdirSync('folder'); process.chdir('folder') }"
  const node = process.execPath
  await bench.run(shell('mkdir -p locked/in; touch locked/in/a; chmod 0 locked/in locked'))
  const { exitCode } = await bench.run({
    ...shell(''),
    argv: [node, '-e', deep],
    binds: [{ from: node, to: node }],
  })
  expect(exitCode).toBe(0)
  await bench.close()
  expect(readdirSync(context.scratchFolder)).toEqual([])
  expect(context.told.events).toEqual([])
})

test('a scratch that can not be made or removed costs no slot, and the latter is told', async (t) => {
  const base = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
  const { slots, isolation } = counted(base)
  const scratchFolder = '/etc/passwd/is-no-folder'
  const none = openWorkbench(await contextIn('', { isolation, scratchFolder }), LIMIT_MS)
  await expect(none.run(shell('true'))).rejects.toThrow(/ENOTDIR/)
  await none.close()
  expect(slots).toEqual({ taken: 1, free: 1 })

  const context = await contextIn(temporaryFolder(), { isolation })
  const bench = openWorkbench(context, LIMIT_MS)
  await bench.run(shell('true'))
  const file = join(await bench.folder('source'), 'a')
  writeFileSync(file, '')
  if (spawnSync('chattr', ['+i', file]).status !== 0) t.skip('no file can be made immutable here')
  onTestFinished(() => void spawnSync('chattr', ['-i', file]))
  await bench.close()
  expect(slots).toEqual({ taken: 2, free: 2 })
  expect(context.told.events).toMatchObject([{ type: 'warning' }])
})

test('what the build holds is let go, even where that fails', async () => {
  const bench = openWorkbench(await contextIn(temporaryFolder()), LIMIT_MS)
  const closed: string[] = []
  bench.atEnd(async () => {
    throw new Error('closed before')
  })
  bench.atEnd(async () => {
    closed.push('second')
  })
  await bench.close()
  expect(closed).toEqual(['second'])
})

test('what a build put where a product is expected is not bound', async () => {
  const bench = openWorkbench(await contextIn(temporaryFolder()), LIMIT_MS)
  const output = await bench.folder('output')
  writeFileSync(join(output, 'file'), '')
  symlinkSync('/etc', join(output, 'etc'))
  mkdirSync(join(output, 'folder'))
  expect(await bench.outside('/build/output/file')).toBe(join(output, 'file'))
  for (const path of ['etc', 'etc/passwd', 'nothing']) {
    await expect(bench.outside(`/build/output/${path}`)).rejects.toMatchObject({
      code: 'SANDBOX_FAILED',
      message: expect.stringContaining(`/build/output/${path}`),
    })
  }
  await expect(bench.outside('/etc/passwd')).rejects.toThrow('is not of the bench')
  await bench.close()
  expect(existsSync(output)).toBe(false)
})

test("a package's code sees only itself, read-only, without network", async (context) => {
  needs(context, 'sandbox')
  const folder = temporaryFolder()
  const profile = { codeRoot: '/opt/function/code' } as never
  const bench = openWorkbench(await contextIn(folder, { profile }), LIMIT_MS)
  const code = await bench.folder('code')
  writeFileSync(join(code, 'a.txt'), 'a')
  writeFileSync(join(await bench.folder('source'), 'secret'), 's')
  const script = 'ls /build; cat a.txt; touch a.txt b.txt; ls /sys/class/net /proc/net/dev; id -u'
  const command = { ...shell(script), cwd: '/opt/function/code' }
  const result = await bench.runPackage(command, code)
  expect(result.stdout).toContain('a')
  expect(result.stderr).toMatch(/\/build.*No such file/)
  expect(result.stderr).toMatch(/Read-only file system/)
  expect(result.stdout.trim().split('\n').at(-1)).not.toBe('0')
  await bench.close()
})

test('a folder of the bench that a build replaced by a link is not gone through', async () => {
  const elsewhere = temporaryFolder()
  mkdirSync(join(elsewhere, 'inner'))
  for (const name of ['output', 'home', 'package']) {
    const bench = openWorkbench(await contextIn(temporaryFolder()), LIMIT_MS)
    await bench.run(shell(`cd /build; rm -rf ${name}; ln -s '${elsewhere}' ${name}`))
    for (const asked of [name, `${name}/inner`, `${name}/new`]) {
      await expect(bench.folder(asked)).rejects.toMatchObject({
        code: 'COMPILE_FAILED',
        message: expect.stringContaining(`/build/${name} is not the folder any more`),
      })
    }
    await bench.close()
  }
  expect(readdirSync(elsewhere)).toEqual(['inner'])
})
