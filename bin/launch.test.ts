import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isRunning, until } from '../test/harness/processes.ts'
import { temporaryFolder } from '../test/harness/temporary-folder.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const LAUNCHER = path.join(ROOT, 'bin', 'launch.mjs')

interface Launched {
  child: ChildProcess
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

function launch(args: string[], launcher = LAUNCHER, env = process.env): Launched {
  const child = spawn(process.execPath, [launcher, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, npm_execpath: undefined },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += chunk))
  child.stderr.on('data', (chunk) => (output.stderr += chunk))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, ...output }))
  })
  return { child, ended }
}

/** A program that prints its process id and then waits, in a folder with a space in its name. */
function program(text: string): string {
  const file = path.join(temporaryFolder(), 'a program.ts')
  const parent = path.join(ROOT, 'packages/setup/src/parent.ts')
  writeFileSync(file, `import { exitWithParent } from ${JSON.stringify(parent)}\n${text}`)
  return file
}

const WAITS = `exitWithParent()
process.on('SIGTERM', () => { console.log('asked to end'); process.exit(4) })
console.log(process.pid)
setInterval(() => {}, 1000)`

async function firstNumber(child: ChildProcess): Promise<number> {
  const [chunk] = (await child.stdout?.take(1).toArray()) ?? []
  return Number(String(chunk))
}

describe('launch run', () => {
  test('runs TypeScript with arguments as they are and passes the exit code on', async () => {
    const file = program('console.log(JSON.stringify(process.argv.slice(2))); process.exit(3)')
    const { code, stdout } = await launch(['run', file, 'a b', '', '--once']).ended
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toEqual(['a b', '', '--once'])
  })

  test('runs it with the Node.js that npm brought, which is new enough', async () => {
    const { stdout } = await launch(['run', program('console.log(process.version)')]).ended
    const [major = 0, minor = 0] = stdout.slice(1).split('.').map(Number)
    expect(major * 100 + minor).toBeGreaterThanOrEqual(2415)
  })

  test('passes SIGTERM on and ends with what the program ends with', async () => {
    const { child, ended } = launch(['run', program(WAITS)])
    const pid = await firstNumber(child)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 4 })
    expect(isRunning(pid)).toBe(false)
  })

  test('takes the program with it when it is killed with -9', async () => {
    const { child } = launch(['run', program(WAITS)])
    const pid = await firstNumber(child)
    child.kill('SIGKILL')
    await until(() => !isRunning(pid))
  })

  test('asks the program to end when the npm that started it is killed', async () => {
    const folder = temporaryFolder()
    const text = `npm_lifecycle_event=start "$0" "$1" run "$2" & wait`
    const npm = spawn('/bin/sh', ['-c', text, process.execPath, LAUNCHER, program(WAITS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: folder,
    })
    const pid = await firstNumber(npm)
    npm.kill('SIGKILL')
    await until(() => !isRunning(pid))
  })

  test('ends a program that does not take SIGTERM a moment after its launcher', async () => {
    const text = `exitWithParent(300); process.on('SIGTERM', () => {})
console.log(process.pid); setInterval(() => {}, 1000)`
    const { child } = launch(['run', program(text)])
    const pid = await firstNumber(child)
    child.kill('SIGKILL')
    await until(() => !isRunning(pid))
  })
})

describe('launch', () => {
  test.each([[[]], [['unknown']], [['run']], [['toString']]])(
    'explains itself: %j',
    async (args) => {
      const { code, stderr } = await launch(args).ended
      expect(code).toBe(2)
      expect(stderr).toMatch(/^usage: /)
    },
  )
})

/** A clone with nothing to install, so that npm needs no network. */
function emptyClone(): string {
  const root = path.join(temporaryFolder(), 'a clone')
  cpSync(path.join(ROOT, 'bin'), path.join(root, 'bin'), { recursive: true })
  for (const name of ['folder-lock', 'process-life']) {
    const place = `packages/setup/src/${name}.mjs`
    cpSync(path.join(ROOT, place), path.join(root, place))
  }
  const own = { name: 'empty', version: '1.0.0' }
  writeFileSync(path.join(root, 'package.json'), JSON.stringify(own))
  const packages = { '': own }
  const text = JSON.stringify({ name: 'empty', lockfileVersion: 3, requires: true, packages })
  writeFileSync(path.join(root, 'package-lock.json'), text)
  mkdirSync(path.join(root, 'out'))
  writeFileSync(path.join(root, 'hello.ts'), "console.log('hello' satisfies string)")
  return root
}

describe('installing', () => {
  const run = (root: string, env?: NodeJS.ProcessEnv) =>
    launch(['run', path.join(root, 'hello.ts')], path.join(root, 'bin/launch.mjs'), env).ended

  test('happens once, however many launches ask at the same time', async () => {
    const root = emptyClone()
    const all = await Promise.all([run(root), run(root), run(root)])
    expect(all.map(({ stdout }) => stdout)).toEqual(['hello\n', 'hello\n', 'hello\n'])
    const said = all.map(({ stderr }) => stderr).join('')
    expect(said).toBe('packline: installing dependencies (once)\n')
    expect((await run(root)).stderr).toBe('')
  })

  test('happens again when package-lock.json has changed', async () => {
    const root = emptyClone()
    await run(root)
    const lock = path.join(root, 'package-lock.json')
    const { packages, ...rest } = JSON.parse(readFileSync(lock, 'utf8'))
    const more = { ...packages, 'node_modules/left': { version: '1.0.0', optional: false } }
    writeFileSync(lock, JSON.stringify({ ...rest, packages: more }))
    expect((await run(root)).stderr).toMatch(/^packline: installing dependencies/)
  })

  test('says in one line that the folder can not be written to', async () => {
    const root = emptyClone()
    // A file where the folder should be refuses root as well.
    writeFileSync(path.join(root, '.local'), '')
    const { code, stderr } = await run(root)
    expect(code).toBe(1)
    expect(stderr).toBe(
      `packline: can not write to ${root} (EEXIST): make it writable or clone elsewhere\n`,
    )
  })

  test('says in one line that there is no npm', async () => {
    const { code, stderr } = await run(emptyClone(), { PATH: '/nonexistent' })
    expect(code).toBe(1)
    expect(stderr.split('\n')[1]).toBe('packline: npm is not on PATH: install Node.js with npm')
  })

  test('says every while that it goes on, and stops at a deadline with one line', async () => {
    const bin = temporaryFolder()
    writeFileSync(path.join(bin, 'npm'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 })
    const script = `import { installWith } from ${JSON.stringify(path.join(ROOT, 'bin/install.mjs'))}
const limits = { everyMs: 200, msMax: 1500 }
await installWith(['npm'], process.cwd(), console.log, limits).catch(({ message }) => console.log(message))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: bin,
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = (await text(child.stdout)).trimEnd().split('\n')
    expect(lines.at(-1)).toBe('npm ci took over 1.5 s: is there a network? Run again to go on')
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^still installing, \d+ s$/)
  })

  test('says in one line why npm failed, and tries again the next time', async () => {
    const root = emptyClone()
    writeFileSync(path.join(root, 'package.json'), '{ not JSON')
    for (const _ of [1, 2]) {
      const { code, stderr } = await run(root)
      expect(code).toBe(1)
      const [first, second, ...rest] = stderr.split('\n')
      expect(first).toBe('packline: installing dependencies (once)')
      expect(second).toMatch(/^packline: npm ci failed: .*package\.json/)
      expect(rest).toEqual([''])
    }
  })
})
