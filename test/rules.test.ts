import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RULE_IDS, type RuleId } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { firedIn, parseCase, readFixtures } from './harness/fixtures.ts'

const ROOT = join(import.meta.dirname, '..')
const fixtures = await readFixtures()

describe.each(['docs/rules.md', 'docs/rules.zh.md'])('%s', (path) => {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const sections = text.split(/^### /m).slice(1)
  const titles = sections.map((section) => section.split('\n', 1)[0] ?? '')

  test('has a section for every rule, and none twice', () => {
    const missing = RULE_IDS.filter((id) => !titles.includes(id))
    const twice = titles.filter((title, at) => titles.indexOf(title) !== at)
    expect({ missing, twice }).toEqual({ missing: [], twice: [] })
  })

  test('says something in each', () => {
    const empty = sections.filter((section) => section.split('\n').slice(1).join('').length < 20)
    expect(empty).toEqual([])
  })
})

/** A test that is not a fixture: its file, and its title. */
type Proof = readonly [file: string, title: string]

/** Rules of what only the API does: no folder of files can show them. */
const PROOFS: Partial<Record<RuleId, { fires: Proof; silent: Proof }>> = {
  'online-edit': {
    fires: ['test/e2e/functions-files.test.ts', 'of compiled languages are read-only, and say why'],
    silent: [
      'test/e2e/functions-files.test.ts',
      'are written, read, renamed and deleted, each on what its editor has seen',
    ],
  },
  'unpack-to-edit': {
    fires: [
      'test/e2e/functions-files.test.ts',
      'over 20 MB unpacked is listed and not opened, and is built as it is',
    ],
    silent: [
      'test/e2e/functions-files.test.ts',
      'is unpacked for editing, in place of what was there',
    ],
  },
  'upload-size': {
    fires: ['test/e2e/large-upload.test.ts', 'of unknown length is refused while it streams'],
    silent: ['test/e2e/large-upload.test.ts', 'of exactly the limit is not refused for its size'],
  },
}

describe('every rule is proved', () => {
  const fired = fixtures.flatMap((one) => firedIn(one).map((rule) => ({ ...one, rule })))
  const silent = fixtures.flatMap(({ runtime, expect: { silent } }) =>
    silent.map((rule) => ({ runtime, rule })),
  )

  test('by a fixture in which it fires; what only the API does, by a test that is named here', () => {
    const proved = new Set(fired.map(({ rule }) => rule))
    expect(RULE_IDS.filter((id) => !proved.has(id))).toEqual(Object.keys(PROOFS))
  })

  test('and by one of the same runtime that has what it looks at, where it is silent', () => {
    const proved = silent.map(({ runtime, rule }) => `${runtime}: ${rule}`)
    const loud = new Set(fired.map(({ runtime, rule }) => `${runtime}: ${rule}`))
    expect([...loud].filter((pair) => !proved.includes(pair))).toEqual([])
  })

  test('which is packed, and has no finding of it', () => {
    const wrong = fixtures.filter(({ expect: { silent, failure, findings } }) =>
      silent.some((id) => failure !== undefined || findings.some(({ rule }) => rule === id)),
    )
    expect(wrong.map(({ runtime, name }) => `${runtime}/${name}`)).toEqual([])
  })

  test.each(Object.entries(PROOFS))('%s: the tests that are named are there', (_id, proofs) => {
    for (const [file, title] of Object.values(proofs)) {
      expect(existsSync(join(ROOT, file)), file).toBe(true)
      expect(readFileSync(join(ROOT, file), 'utf8')).toContain(title)
    }
  })
})

describe('a fixture', () => {
  test.each([
    [{ title: 'one', needed: ['npm'] }, /Unrecognized key: "needed"/],
    [{ title: 'one', expect: { finding: [] } }, /Unrecognized key: "finding"/],
    [{ title: 'one', expect: { findings: [{ rule: 'secrets', file: 'a' }] } }, /key: "file"/],
    [{ title: 'one', files: { a: { content: '' } } }, /key: "content"/],
    [{ expect: {} }, /expected string/],
  ])('is refused where it says what no fixture has: %j', (said, why) => {
    expect(() => parseCase(JSON.stringify({ expect: {}, ...said }), 'case.json')).toThrow(why)
  })

  test('of each runtime with versions is loaded by a version that any machine has', () => {
    const held = fixtures.filter(({ versionHere }) => versionHere)
    const pairs = held.map(({ runtime, expect: { verdict, failure } }) =>
      [runtime, verdict ?? failure?.code].join(' '),
    )
    expect(pairs.toSorted()).toEqual([
      'java VALIDATION_FAILED',
      'java proved',
      'nodejs VALIDATION_FAILED',
      'nodejs proved',
      'python VALIDATION_FAILED',
      'python proved',
    ])
  })
})
