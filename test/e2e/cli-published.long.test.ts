import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Finding } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packCli } from '../../bin/pack-cli/pack-cli.ts'
import { needs } from '../harness/needs.ts'

const ROOT = join(import.meta.dirname, '../..')
const run = promisify(execFile)

let folder: string
let packed: string
/** Elsewhere, with nothing of the clone above it. */
let elsewhere: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline published '))
  elsewhere = join(folder, 'an empty place')
  await mkdir(elsewhere)
  packed = await packCli(ROOT, join(folder, 'made'), process.env)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** By the machine's own Node.js; `node` for another. */
async function packline(args: string[], node = 'node') {
  const bin = join(elsewhere, 'node_modules/packline/bin/packline.mjs')
  const { PATH = '', HOME = '', PACKLINE_TEST_BWRAP: bwrap } = process.env
  const env = { PATH, HOME, TMPDIR: folder, ...(bwrap ? { PACKLINE_BWRAP: bwrap } : {}) }
  return run(node, [bin, ...args], { cwd: elsewhere, env, timeout: 60_000 })
}

describe('the published command line', () => {
  test('is one small package that names nothing of the clone, with the licenses of others', async () => {
    const staged = join(folder, 'made/package')
    const manifest = JSON.parse(await readFile(join(staged, 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({ name: 'packline', bin: { packline: 'bin/packline.mjs' } })
    expect(Object.keys(manifest.dependencies)).toEqual(['esbuild'])
    expect((await readFile(packed)).length).toBeLessThan(4 * 1024 * 1024)
    const licenses = await readFile(join(staged, 'THIRD-PARTY.txt'), 'utf8')
    for (const name of ['commander', 'zod', 'undici', 'yauzl', 'ignore']) {
      if (name !== 'yauzl') expect(licenses).toMatch(new RegExp(`^${name} \\d`, 'm'))
    }
    const { stdout } = await run('grep', ['-rlF', ROOT, staged]).catch((error) => error)
    expect(stdout).toBe('')
  })

  test('is installed by npm in an empty folder and runs there, by an older Node.js too', async (context) => {
    needs(context, 'npm')
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', packed], {
      cwd: elsewhere,
      timeout: 240_000,
    })
    const { version } = JSON.parse(await readFile(join(ROOT, 'packages/cli/package.json'), 'utf8'))
    expect((await packline(['--version'])).stdout).toBe(`${version}\n`)
    expect((await packline(['--version'], process.execPath)).stdout).toBe(`${version}\n`)
  }, 300_000)

  test.each([
    ['nodejs', { 'index.js': 'exports.handler = async () => 42\n' }, []],
    [
      'nodejs',
      { 'index.ts': 'export const handler = async (): Promise<number> => 42\n' },
      ['--bundle'],
    ],
    ['python', { 'index.py': 'def handler(event, context):\n    return 42\n' }, []],
  ])('packs and proves a function of %s: %j %j', async (runtime, files, options) => {
    const name = `${runtime}-${options.length}`
    await mkdir(join(elsewhere, name))
    for (const [path, text] of Object.entries(files)) {
      await writeFile(join(elsewhere, name, path), text)
    }
    const { stdout } = await packline(['pack', name, '--runtime', runtime, '--json', ...options])
    const { path, report } = JSON.parse(stdout)
    expect(report.verdict.verdict).not.toBe('not-loaded')
    expect(report.findings).toEqual([])
    const checked = await packline([
      'check',
      path,
      '--runtime',
      runtime,
      '--handler',
      'index.handler',
    ])
    expect(checked.stdout).toMatch(/^verdict {3}(proved|checked)/m)
  })

  test('explains rules by its own pages, whatever lies in the folder that it is installed in', async () => {
    await mkdir(join(elsewhere, 'docs'))
    await writeFile(join(elsewhere, 'docs/rules.md'), '### links\nSomebody else has rules, too.\n')
    const { stdout } = await packline(['explain', 'links', '--lang', 'en'])
    expect(stdout).toMatch(/^links\n\nA symbolic link stays inside the package/)
  })

  test('finds secrets by its own thread, and fails as it does in the clone', async () => {
    const folder = join(elsewhere, 'secret')
    await mkdir(folder)
    // One by our own patterns, one by those of the library that the bundle holds.
    const token = ['ghp', '1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ'].join('_')
    const code = `const password = 's3cr3t-Pa55'\nconst token = '${token}'\nexports.handler = () => 1\n`
    await writeFile(join(folder, 'index.js'), code)
    const args = ['pack', 'secret', '--secrets', 'refuse', '--no-load', '--json']
    const failed = await packline(args).catch((error) => error)
    expect(failed).toMatchObject({ code: 1 })
    const { failure } = JSON.parse(failed.stdout)
    expect(failure.code).toBe('VALIDATION_FAILED')
    const lines = failure.findings.map(({ rule, line }: Finding) => `${rule}:${line}`)
    expect(lines.toSorted()).toEqual(['secrets:1', 'secrets:2'])
    const unknown = await packline(['status', 'b1']).catch((error) => error)
    expect(unknown.code).toBe(4)
  })
})
