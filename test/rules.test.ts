import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RULE_IDS, type RuleId } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { readFixtures } from './harness/fixtures.ts'

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
const RULES = 'packages/engine/src/rules'

/** Rules of the edge, the gate and the sizes, whose subjects are no folders of files. */
const PROOFS: Partial<Record<RuleId, { fires: Proof; silent: Proof }>> = {
  format: {
    fires: ['packages/shared/src/resolve.test.ts', 'only Java takes a JAR'],
    silent: ['test/e2e/java.test.ts', 'that is a jar passes through byte for byte'],
  },
  'source-or-package': {
    fires: [
      'packages/engine/src/steps/choose.test.ts',
      'what came inline or by git is source, and what the request says goes before all',
    ],
    silent: [
      'packages/engine/src/steps/choose.test.ts',
      'a folder beside a file, or one that holds nothing to start, stays',
    ],
  },
  'upload-size': {
    fires: ['test/e2e/large-upload.test.ts', 'of unknown length is refused while it streams'],
    silent: ['test/e2e/large-upload.test.ts', 'of exactly the limit is not refused for its size'],
  },
  'unpacked-size': {
    fires: [
      `${RULES}/sizes.test.ts`,
      'from 1,500 MB unpacked there is a warning, over 1.5 GB an error',
    ],
    silent: [`${RULES}/sizes.test.ts`, 'a small package is silent'],
  },
  'package-size': {
    fires: [
      `${RULES}/sizes.test.ts`,
      'over 300 MB nothing is open, and the largest files are named',
    ],
    silent: [`${RULES}/sizes.test.ts`, 'a small package is silent'],
  },
  'handler-form': {
    fires: [
      'packages/shared/src/resolve.test.ts',
      'a handler has the form of its runtime, in 3 to 128 characters',
    ],
    silent: ['packages/shared/src/handler.test.ts', 'a Java handler is class and method'],
  },
  initializer: {
    fires: [
      'packages/shared/src/resolve.test.ts',
      'an initializer of the wrong form is told as one; HTTP functions have none',
    ],
    silent: ['packages/shared/src/resolve.test.ts', 'the initializer is in the handler’s file'],
  },
  'entry-names': {
    fires: [
      'packages/archive/src/entry-name.test.ts',
      'names the setting that reads names of Chinese Windows',
    ],
    silent: [
      'packages/archive/src/entry-name.test.ts',
      'takes UTF-8 names with the flag, without it, and from the Unicode Path field',
    ],
  },
  'file-modes': {
    fires: [
      `${RULES}/links-and-modes.test.ts`,
      'what others may not read is told once, with the number',
    ],
    silent: [`${RULES}/links-and-modes.test.ts`, 'plain modes, and none, are silent'],
  },
  configuration: {
    fires: [
      'test/e2e/builds.test.ts',
      'what is kept of a build has a path each: configuration, SBOM, and calls for the platform',
    ],
    silent: [
      'test/e2e/builds.test.ts',
      'a build without a package has no SBOM, no configuration and no call',
    ],
  },
  'name-clash': {
    fires: [
      'packages/engine/src/runtimes/python/collect.test.ts',
      'where both have a path own code wins, and a module of both is told',
    ],
    silent: [
      'packages/engine/src/runtimes/python/collect.test.ts',
      'a namespace that both share is no clash',
    ],
  },
}

/** Nothing holds these yet; a rule that gets its first test leaves the list. */
const NOT_YET: readonly RuleId[] = [
  'online-edit',
  'unpack-to-edit',
  'object-size',
  'object-address',
]

describe('every rule is proved', () => {
  const fired = new Set(
    fixtures.flatMap(({ expect: { findings } }) => findings.map(({ rule }) => rule)),
  )

  test('by a fixture in which it fires, or by a test that is named here', () => {
    const unproved = RULE_IDS.filter((id) => !fired.has(id) && !PROOFS[id])
    expect(unproved.filter((id) => !NOT_YET.includes(id))).toEqual([])
  })

  test('and by one in which it is silent: fixtures name all findings there are', () => {
    const neverSilent = [...fired].filter(
      (id) =>
        !fixtures.some(
          ({ expect: { failure, findings } }) =>
            failure === undefined && findings.every(({ rule }) => rule !== id),
        ),
    )
    expect(neverSilent).toEqual([])
  })

  test.each(Object.entries(PROOFS))('%s: the tests that are named are there', (_id, proofs) => {
    for (const [file, title] of Object.values(proofs)) {
      expect(existsSync(join(ROOT, file)), file).toBe(true)
      expect(readFileSync(join(ROOT, file), 'utf8')).toContain(title)
    }
  })
})
