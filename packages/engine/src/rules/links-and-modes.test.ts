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

test('a link that leads to nothing is a warning that names both ends', async () => {
  const files = { 'index.js': '', broken: link('lib/gone.js') }
  const [finding] = await links.check(await subjectOf(await order(), files), nodejs)
  expect(finding).toMatchObject({ rule: 'links', level: 'warning', path: 'broken' })
  expect(finding?.message).toContain('lib/gone.js')
})

async function withMode(mode: number | undefined): Promise<Subject> {
  const made = await subjectOf(await order(), { tool: '' })
  const entries = made.package.archive.entries.map((entry) => ({ ...entry, mode }))
  const archive = { ...made.package.archive, entries }
  return { ...made, package: { ...made.package, archive } }
}

test('plain modes, and none, are silent', async () => {
  for (const mode of [undefined, 0o644, 0o755, 0o600]) {
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
