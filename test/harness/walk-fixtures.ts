import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openArchive, writeZip } from '@packline/archive'
import { type Finding, profileSchema, type Verdict } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import { folderTree } from '../../packages/engine/src/folder-tree.ts'
import { type TestBuild, type TestDependency, type TestEngine, testEngine } from './engine.ts'
import { type Fixture, layOut, writeAll } from './fixtures.ts'
import { needs } from './needs.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { zigFor } from './zig.ts'

const LIMITS = { entriesMax: 100_000, unpackedBytesMax: 2 ** 31, ratioMax: 1100 }
/** A first Go plugin compiles the standard library. */
const BUILD_MS_MAX = 600_000

/**
 * One test per fixture: builds it and holds what comes of it to its case.json. In the end two
 * figures are printed: right packages that were refused, and how the others were proved.
 */
export function walkFixtures(fixtures: readonly Fixture[]): void {
  const wronglyRefused: string[] = []
  const verdicts: Record<Verdict, number> = { proved: 0, checked: 0, 'not-loaded': 0 }
  let engine: TestEngine
  beforeAll(async () => {
    engine = await testEngine()
  })
  afterAll(async () => {
    await engine.close()
    const { proved, checked, 'not-loaded': notLoaded } = verdicts
    process.stdout.write(
      `fixtures: right but refused ${wronglyRefused.length}, of the others ` +
        `proved ${proved}, checked ${checked}, not loaded ${notLoaded}\n`,
    )
  })

  describe.for(fixtures)('$runtime/$name', (fixture) => {
    test(
      fixture.title,
      async (context) => {
        needs(context, ...fixture.needs)
        const { build, uploaded } = await built(fixture, engine, context)
        const { outcome } = build
        if (outcome.status === 'succeeded') verdicts[outcome.report.verdict.verdict]++
        else if (!fixture.expect.failure) wronglyRefused.push(nameOf(fixture))
        if (fixture.expect.failure) expectFailure(fixture, build)
        else await expectPackage(fixture, build, uploaded)
        if (fixture.expect.test) expect(outcome.report.test).toMatchObject(fixture.expect.test)
        expectFindings(fixture, outcome.report.findings)
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

interface Built {
  build: TestBuild
  /** The archive that was handed in. */
  uploaded?: Buffer
}

async function built(fixture: Fixture, engine: TestEngine, context: TestContext): Promise<Built> {
  const folder = temporaryFolder()
  const path = join(folder, 'source')
  await layOut(fixture, path)
  const { as, runtime, request, makes } = fixture
  const name = makes === 'function' ? { function: 'fixture' } : { name: 'fixture' }
  const common = { ...name, runtime, ...request }
  const attached = Object.entries(fixture.dependencies).map(async ([name, files]) => {
    await writeAll(files, join(folder, name))
    return dependencyOf(name, await zipped(join(folder, name), join(folder, `${name}.zip`)))
  })
  const options = {
    tools: await toolsOf(fixture, engine, context),
    profile: profileOf(fixture, engine),
    dependencies: attached.length > 0 ? await Promise.all(attached) : undefined,
  }
  if (fixture.source === 'folder') {
    const source = { kind: 'folder', path, as } as const
    return { build: await engine.build({ ...common, source }, options) }
  }
  const uploaded = await zipped(path, join(folder, 'source.zip'))
  const upload = sha256Of(uploaded)
  const source = { kind: 'upload', upload, as } as const
  const uploads = { [upload]: uploaded }
  return { build: await engine.build({ ...common, source }, { ...options, uploads }), uploaded }
}

function dependencyOf(name: string, bytes: Buffer): TestDependency {
  return { pin: { name, revision: 1, sha256: sha256Of(bytes), size: bytes.length }, bytes }
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function toolsOf(
  { needs: needed, without }: Fixture,
  engine: TestEngine,
  context: TestContext,
) {
  const zig = needed.includes('zig') ? await zigFor(context, engine.tools) : engine.tools.zig
  const lacking = Object.fromEntries(without.map((name) => [name, undefined]))
  return { ...engine.tools, zig, ...lacking }
}

function profileOf({ profile }: Fixture, engine: TestEngine) {
  return profileSchema.parse(merged(engine.profile, profile))
}

function merged(one: unknown, other: unknown): unknown {
  if (!isObject(one) || !isObject(other)) return other
  const changed = Object.entries(other).map(([key, value]) => [key, merged(one[key], value)])
  return { ...one, ...Object.fromEntries(changed) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function zipped(folder: string, path: string): Promise<Buffer> {
  const tree = await folderTree(folder)
  await writeZip(
    tree.files.map((file) => tree.entry(file)),
    { path },
  )
  return readFile(path)
}

function expectFailure({ expect: wanted }: Fixture, { outcome }: TestBuild): void {
  if (outcome.status !== 'failed') throw new Error('it was to fail, and was packed')
  const { failure } = outcome
  expect(failure).toMatchObject({ code: wanted.failure?.code, blame: 'caller' })
  const said = [failure.detail, failure.hint, ...(failure.output ?? [])].join('\n')
  for (const text of wanted.failure?.says ?? []) expect(said).toContain(text)
}

async function expectPackage(
  { expect: wanted }: Fixture,
  build: TestBuild,
  uploaded: Buffer | undefined,
): Promise<void> {
  const { outcome, path, splitPath } = build
  if (outcome.status !== 'succeeded' || path === undefined) {
    throw new Error(JSON.stringify(outcome.status === 'failed' && outcome.failure, null, 2))
  }
  const paths = await pathsOf(path)
  const apart = splitPath === undefined ? undefined : await pathsOf(splitPath)
  if (wanted.split) expect(apart).toEqual(expect.arrayContaining(wanted.split))
  else expect(apart).toBeUndefined()
  expect(paths).toEqual(expect.arrayContaining(wanted.entries))
  expect(paths.filter((one) => wanted.absent.includes(one))).toEqual([])
  if (wanted.exactly) expect(paths.toSorted()).toEqual(wanted.exactly.toSorted())
  if (wanted.untouched !== undefined) {
    expect((await readFile(path)).equals(uploaded ?? Buffer.alloc(0))).toBe(wanted.untouched)
  }
  if (wanted.mended) expect(outcome.report.mended).toEqual(wanted.mended)
  const purls = (JSON.parse(outcome.sbom).components as { purl: string }[]).map(({ purl }) => purl)
  expect(purls).toEqual(expect.arrayContaining(wanted.components))
  const { verdict } = outcome.report
  if (wanted.verdict && !ONLY_HERE.test(verdict.because)) {
    expect(verdict).toMatchObject({ verdict: wanted.verdict })
  }
}

async function pathsOf(path: string): Promise<string[]> {
  const archive = await openArchive({ path }, { limits: LIMITS })
  await archive.close()
  return archive.entries.filter(({ kind }) => kind !== 'folder').map((entry) => entry.path)
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

/** A load under a version that is not the function's says something of this machine. */
const ONLY_HERE = /the request says /
