import { expect, test } from 'vitest'
import { orderOf, subjectOf } from '../../../../test/harness/subject.ts'
import { nodejs } from '../runtimes/nodejs/index.ts'
import type { Subject } from '../runtimes/runtime.ts'
import { fileModes } from './file-modes.ts'
import { links } from './links.ts'

const order = () => orderOf({ runtime: 'nodejs', handler: 'index.handler' })
const link = (linkTarget: string) => ({ linkTarget })

test('links to a file or a folder of the package are silent', async () => {
  const files = {
    'lib/a.js': '',
    'lib/b.js': link('a.js'),
    'current.js': link('lib/a.js'),
    modules: link('lib'),
    'lib/up': link('../lib'),
  }
  expect(await links.check(await subjectOf(await order(), files), nodejs)).toEqual([])
})

test('links through other links lead where a kernel would go', async () => {
  const files = {
    'lib/a/x.js': '',
    a: link('lib/a'),
    x: link('a/x.js'),
    up: link('a/..'),
    'lib/through': link('../up/a/x.js'),
  }
  expect(await links.check(await subjectOf(await order(), files), nodejs)).toEqual([])
  const wrong = { ...files, beyond: link('a/../a/y.js'), file: link('lib/a/x.js/y') }
  const findings = await links.check(await subjectOf(await order(), wrong), nodejs)
  expect(findings.map(({ path }) => path)).toEqual(['beyond', 'file'])
})

test('a link that leads to nothing is a warning that names both ends', async () => {
  const files = { 'index.js': '', broken: link('lib/gone.js') }
  const [finding] = await links.check(await subjectOf(await order(), files), nodejs)
  expect(finding).toMatchObject({ rule: 'links', level: 'warning', path: 'broken' })
  expect(finding?.message).toContain('lib/gone.js')
})

async function withMode(mode: number | undefined, format?: 'jar'): Promise<Subject> {
  const made = await subjectOf(await order(), { tool: '' })
  const entries = made.package.archive.entries.map((entry) => ({ ...entry, mode }))
  const archive = { ...made.package.archive, entries }
  return { ...made, package: { ...made.package, archive, format: format ?? 'zip' } }
}

test('plain modes, and none, are silent', async () => {
  for (const mode of [undefined, 0o644, 0o755, 0o664, 0o444]) {
    expect(await fileModes.check(await withMode(mode), nodejs)).toEqual([])
  }
})

test.each([0o4755, 0o2755, 0o1644])(
  'the bits of mode %o that are dropped are told',
  async (mode) => {
    const [finding] = await fileModes.check(await withMode(mode), nodejs)
    expect(finding).toMatchObject({ rule: 'file-modes', level: 'warning', path: 'tool' })
    expect(finding?.message).toContain(mode.toString(8))
  },
)

test('what others may not read is told once, with the number', async () => {
  const made = await subjectOf(await order(), { a: '', b: '', c: '' })
  const entries = made.package.archive.entries.map((entry) => ({ ...entry, mode: 0o600 }))
  const archive = { ...made.package.archive, entries }
  const findings = await fileModes.check({ ...made, package: { ...made.package, archive } }, nodejs)
  expect(findings).toMatchObject([{ level: 'warning', path: 'a' }])
  expect(findings[0]?.message).toMatch(/^a has mode 600, as 2 more have such; .* read it$/)
})

test('the modes in a jar mean nothing', async () => {
  expect(await fileModes.check(await withMode(0o4600, 'jar'), nodejs)).toEqual([])
})
