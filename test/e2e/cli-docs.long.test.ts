import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandTree } from '../../packages/cli/src/completion/command-tree.ts'
import { makeProgram } from '../../packages/cli/src/program.ts'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const ROOT = join(import.meta.dirname, '../..')
const page = await readFile(join(ROOT, 'docs/cli.md'), 'utf8')
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text)

let line: TestLine
let place: Workplace
beforeAll(async () => {
  line = await startTestLine()
  place = await makeWorkplace()
  const code = 'exports.handler = async () => 42\n'
  const manifest = 'functions:\n  one: { path: one, runtime: nodejs, handler: index.handler }\n'
  await place.write({
    'hello/index.js': code,
    'functions/one/index.js': code,
    'functions/packline.yaml': manifest,
  })
  await mkdir(join(place.folder, '../bin'))
  await symlink(join(ROOT, 'packages/cli/bin/packline.mjs'), join(place.folder, '../bin/packline'))
})
afterAll(async () => {
  await line?.stop()
  await place?.remove()
})

test.each(blocks)('the example works as it stands there: %s', async (block) => {
  const { PATH = '', HOME } = process.env
  const env = {
    PATH: `${join(place.folder, '../bin')}:${PATH}`,
    HOME,
    XDG_CONFIG_HOME: join(place.folder, '../config'),
    URL: line.url,
    KEY: line.key,
  }
  const argv = ['--norc', '-euo', 'pipefail', '-c', block]
  await promisify(execFile)('bash', argv, { cwd: place.folder, env, timeout: 110_000 })
})

test('together they have built what they say', async () => {
  expect(blocks.length).toBeGreaterThan(4)
  expect(await readFile(join(place.folder, 'greeting.zip'))).not.toHaveLength(0)
  const { items } = await line.client.builds()
  const names = items.map((build) => build.function)
  expect(names).toEqual(expect.arrayContaining(['hello', 'greeting', 'one']))
  const { items: numbered } = await line.client.packages('greeter')
  expect(numbered.map(({ number, aliases }) => [number, aliases])).toEqual([
    [3, ['current']],
    [2, []],
    [1, ['stable']],
  ])
})

test('every command stands on the page, and every exit code', () => {
  const streams = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin }
  const signal = AbortSignal.timeout(1000)
  const program = makeProgram(
    { ...streams, environment: {}, language: 'en', signal },
    () => undefined,
  )
  const single = commandTree(program).filter(({ commands }) => commands.length === 0)
  const paths = single.map(({ path }) => path)
  expect(paths).toContain('functions files ls')
  expect(paths.filter((path) => !isOnPage(path))).toEqual([])
  expect(isOnPage('functions status')).toBe(false)
  for (const code of [0, 1, 2, 3, 4, 5, 130])
    expect(page).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'))
})

/** As it is typed, or in the first cell of a row of its table. */
function isOnPage(path: string): boolean {
  const [before = '', ofFunctions = ''] = page.split('| command, after `packline functions` |')
  const [table, name] = path.startsWith('functions ')
    ? [ofFunctions, path.slice('functions '.length)]
    : [before, path]
  const isRow = RegExp(`^\\| (?:[^|]*, )?\`${name}[ \`]`, 'm').test(table)
  return isRow || RegExp(`packline ${path}\\b`).test(page)
}
