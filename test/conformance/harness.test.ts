import { spawnSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { needs } from '../harness/needs.ts'
import { startTestServices } from '../harness/services.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const HARNESS = path.resolve(import.meta.dirname, '../harness')

/** Runs test files by the harness in a process of its own and answers what it counted. */
function run(files: Record<string, string>, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const root = temporaryFolder()
  symlinkSync(path.resolve(HARNESS, '../../node_modules'), path.join(root, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    const imports = `import { test, expect } from 'vitest'
import { needs } from ${JSON.stringify(path.join(HARNESS, 'needs.ts'))}\n`
    writeFileSync(path.join(root, name), imports + text)
  }
  const script = `import { runVitest } from ${JSON.stringify(path.join(HARNESS, 'vitest.ts'))}
import { closingLine, countOutcome } from ${JSON.stringify(path.join(HARNESS, 'closing.ts'))}
const run = await runVitest({ root: ${JSON.stringify(root)}, args: ${JSON.stringify(args)},
  signal: new AbortController().signal })
const outcome = countOutcome(run.modules, run.errorsOutside)
console.log([...outcome.remarks, closingLine(outcome)].join('\\n'))`
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, CI: '', ...env } } as const
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], options)
  const lines = stdout.trimEnd().split('\n')
  return { last: lines.at(-1), stdout }
}

describe('the last line of a run', () => {
  test('counts what passed, failed and was skipped, each skip with its reason before', () => {
    const { last, stdout } = run({
      'a.test.ts': `test('fine', () => {})
test('broken', () => { expect(1).toBe(2) })
test('left out', (context) => context.skip('no moon here'))
test.todo('later')`,
    })
    expect(last).toBe('1 passed, 1 failed, 2 skipped')
    expect(stdout).toContain('skipped: a.test.ts > left out: no moon here\n')
    expect(stdout).toContain('skipped: a.test.ts > later: no reason given\n')
  })

  test('counts a file that does not load, and errors outside of tests, as failed', () => {
    const { last, stdout } = run({
      'a.test.ts': `throw new Error('broken at the start')`,
      'b.test.ts': `test('fine', async () => { setTimeout(() => { throw new Error('late') }, 1)
  await new Promise((resolve) => setTimeout(resolve, 50)) })`,
    })
    expect(last).toBe('1 passed, 2 failed, 0 skipped')
    expect(stdout).toContain('did not load: a.test.ts\n')
  })

  test('has before it how fixtures fared, over all files, where any were run', () => {
    const fixtures = (...fared: string[]) =>
      `test.for(${JSON.stringify(fared)})('%s', (one, { task }) => { task.meta.fixture = one })`
    const { stdout } = run({
      'a.test.ts': fixtures('proved', 'refused'),
      'b.test.ts': fixtures('proved', 'checked'),
    })
    expect(stdout).toContain(
      'fixtures: right but refused 1, of 3 packed proved 67 %, checked 33 %, not loaded 0 %\n',
    )
    expect(run({ 'a.test.ts': `test('one', () => {})` }).stdout).not.toContain('fixtures:')
  })

  test('is about the files and the titles that were asked for', () => {
    const files = {
      'a.test.ts': `test('one', () => {})\ntest('two', () => {})`,
      'b.test.ts': `test('one', () => {})`,
    }
    expect(run(files, ['a.test']).last).toBe('2 passed, 0 failed, 0 skipped')
    expect(run(files, ['-t', 'one', 'a.test']).last).toMatch(/^1 passed, 0 failed/)
    expect(run(files, ['none']).last).toBe('0 passed, 0 failed, 0 skipped')
  })
})

describe('needs', () => {
  const file = { 'a.test.ts': `test('jar', (context) => needs(context, 'maven', 'redis'))` }
  const without = { PATH: '/nonexistent', PACKLINE_TEST_REDIS_URL: '' }

  test('skips a test whose tools are missing and names them', () => {
    const { last, stdout } = run(file, [], without)
    expect(last).toBe('0 passed, 0 failed, 1 skipped')
    expect(stdout).toContain('jar: no Maven here (maven), no Redis here (run by npm test)\n')
  })

  test('fails it on CI, but not for what no machine of ours has to have', () => {
    expect(run(file, [], { ...without, CI: 'true' }).last).toBe('0 passed, 1 failed, 0 skipped')
    const optional = { 'a.test.ts': `test('box', (context) => needs(context, 'engine'))` }
    const { last } = run(optional, [], { ...without, CI: 'true' })
    expect(last).toBe('0 passed, 0 failed, 1 skipped')
  })
})

describe('the services of a run', () => {
  const start = (environment: Record<string, string>) => {
    const root = temporaryFolder()
    const nowhere = { PATH: '/nonexistent', HOME: root }
    return startTestServices({
      root,
      folder: path.join(root, 'services'),
      environment: { ...nowhere, ...environment },
      isQuick: false,
      signal: AbortSignal.timeout(30_000),
    })
  }

  test('name the variables that the tests read where no Redis or MinIO is to be had', async (context) => {
    await expect(start({})).rejects.toMatchObject({
      hint: expect.stringContaining('set PACKLINE_TEST_REDIS_URL='),
    })
    needs(context, 'redis')
    const given = { PACKLINE_TEST_REDIS_URL: process.env.PACKLINE_TEST_REDIS_URL ?? '' }
    await expect(start(given)).rejects.toMatchObject({
      hint: expect.stringContaining('set PACKLINE_TEST_STORE_URL.'),
    })
  })
})
