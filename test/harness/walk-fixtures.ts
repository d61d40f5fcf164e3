import { readFile } from 'node:fs/promises'
import { openArchive } from '@packline/archive'
import type { Engine } from '@packline/engine'
import type { BuildReport, Failure, Finding, TestReport } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildFixture, type FixtureEnd } from './build-fixture.ts'
import { type TestEngine, testEngine } from './engine.ts'
import type { Fixture } from './fixtures.ts'
import { expectFailureInBothLanguages, expectInBothLanguages } from './in-both-languages.ts'
import { needs } from './needs.ts'

const LIMITS = { entriesMax: 100_000, unpackedBytesMax: 2 ** 31, ratioMax: 1100 }
/** A first Go plugin compiles the standard library. */
const BUILD_MS_MAX = 600_000

/**
 * One test per fixture: builds it and holds what comes of it to its case.json; what came of all is
 * told at the end of the run. `settings`: what the engine has otherwise than this machine.
 */
export function walkFixtures(fixtures: readonly Fixture[], settings: Partial<Engine> = {}): void {
  const wronglyRefused: string[] = []
  let engine: TestEngine
  beforeAll(async () => {
    engine = await testEngine(settings)
  })
  afterAll(() => engine.close())

  describe.for(fixtures)('$runtime/$name', (fixture) => {
    test(
      fixture.title,
      async (context) => {
        needs(context, ...fixture.needs)
        const { zippedBy, expect: wanted } = fixture
        if (zippedBy === 'python' || wanted.untouched !== undefined) needs(context, 'python')
        const end = await buildFixture(fixture, engine, context)
        const { failure, report } = end
        const verdict = failure ? undefined : report?.verdict.verdict
        if (!wanted.failure) context.task.meta.fixture = verdict ?? 'refused'
        if (context.task.meta.fixture === 'refused') wronglyRefused.push(nameOf(fixture))
        if (wanted.failure) expectFailure(fixture, failure)
        else await expectPackage(fixture, end)
        expectReport(fixture, report)
        const findings = report?.findings ?? []
        expectFindings(fixture, findings)
        for (const found of findings) expectInBothLanguages(found)
      },
      BUILD_MS_MAX,
    )
  })

  test('no package that is right is refused', () => {
    expect(wronglyRefused).toEqual([])
  })
}

function nameOf({ runtime, name }: Fixture): string {
  return `${runtime}/${name}`
}

function expectFailure({ expect: wanted }: Fixture, failure: Failure | undefined): void {
  if (!failure) throw new Error('it was to fail, and was packed')
  expect(failure).toMatchObject({ code: wanted.failure?.code, blame: 'caller' })
  expectBoth(failure)
  const said = [failure.detail, failure.hint, ...(failure.output ?? [])].join('\n')
  for (const text of wanted.failure?.says ?? []) expect(said).toContain(text)
}

function expectBoth({ detail, hint = '', zh }: Failure): void {
  if (!zh) throw new Error(`the failure is told in English only: ${detail}`)
  const words = { detail: { en: detail, zh: zh.detail } }
  expectFailureInBothLanguages(zh.hint ? { ...words, hint: { en: hint, zh: zh.hint } } : words)
}

async function expectPackage({ expect: wanted }: Fixture, end: FixtureEnd): Promise<void> {
  const { failure, path, splitPath, uploaded = Buffer.alloc(0) } = end
  if (failure || path === undefined) throw new Error(JSON.stringify(failure, null, 2))
  const paths = await pathsOf(path)
  const apart = splitPath === undefined ? undefined : await pathsOf(splitPath)
  if (wanted.split) expect(apart).toEqual(expect.arrayContaining(wanted.split))
  else expect(apart).toBeUndefined()
  expect(paths).toEqual(expect.arrayContaining(wanted.entries))
  expect(paths.filter((one) => wanted.absent.includes(one))).toEqual([])
  if (wanted.exactly) expect(paths.toSorted()).toEqual(wanted.exactly.toSorted())
  if (wanted.untouched !== undefined) {
    expect((await readFile(path)).equals(uploaded)).toBe(wanted.untouched)
  }
  const { components } = JSON.parse(end.sbom ?? '{"components":[]}')
  const told = components as { purl: string; hashes?: unknown[] }[]
  const purlsOf = (some: typeof told) => some.map(({ purl }) => purl)
  expect(purlsOf(told)).toEqual(expect.arrayContaining(wanted.components))
  const digested = told.filter(({ hashes = [] }) => hashes.length > 0)
  expect(purlsOf(digested)).toEqual(expect.arrayContaining(wanted.digests))
}

function expectReport({ expect: wanted, versionHere }: Fixture, report?: BuildReport): void {
  if (!report) return
  const { verdict, test, as, asBecause: because } = report
  if (wanted.mended) expect(report.mended).toEqual(wanted.mended)
  expect(report.zh?.mended).toHaveLength(report.mended.length)
  if (wanted.taken) expect({ as, because }).toEqual(wanted.taken)
  if (wanted.configuration) expect(report.configuration).toEqual(wanted.configuration)
  if (wanted.verdict && (versionHere || !ONLY_HERE.test(verdict.because))) {
    expect(verdict).toMatchObject({ verdict: wanted.verdict })
  }
  expectTest(wanted, test)
}

async function pathsOf(path: string): Promise<string[]> {
  const archive = await openArchive({ path }, { limits: LIMITS })
  await archive.close()
  return archive.entries.filter(({ kind }) => kind !== 'folder').map((entry) => entry.path)
}

function expectTest({ test: wanted }: Fixture['expect'], told: TestReport | undefined): void {
  if (!wanted) return
  const { answer, ...rest } = wanted
  expect(told).toMatchObject(rest)
  // Whole: toMatchObject would let members be there that nobody expects.
  if (answer !== undefined) expect(told?.answer).toEqual(answer)
}

/** Every finding that is named, and no other. */
function expectFindings({ expect: wanted }: Fixture, found: readonly Finding[]): void {
  const left = found.filter(({ message }) => !ONLY_HERE.test(message))
  const expected = wanted.findings.map(({ says, ...rest }) =>
    expect.objectContaining({ ...rest, ...(says && { message: expect.stringContaining(says) }) }),
  )
  expect(left).toHaveLength(expected.length)
  expect(left).toEqual(expect.arrayContaining(expected))
}

/**
 * A load under a version that is not the function's says something of this machine. Fixtures with
 * `versionHere` are held on each.
 */
const ONLY_HERE = /the request says /
