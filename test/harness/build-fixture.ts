import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeZip } from '@packline/archive'
import {
  type BuildReport,
  type Failure,
  PacklineError,
  profileSchema,
  toFailure,
} from '@packline/shared'
import type { TestContext } from 'vitest'
import { folderTree } from '../../packages/engine/src/folder-tree.ts'
import { makeTestBucket } from './bucket.ts'
import type { BuildSettings, TestDependency, TestEngine, TestRequest } from './engine.ts'
import { type Fixture, layOut, writeAll } from './fixtures.ts'
import { merged } from './merged.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { versionHere } from './version-here.ts'
import { zigFor } from './zig.ts'

/** What came of a fixture. */
export interface FixtureEnd {
  failure?: Failure
  /** None where the request was refused. */
  report?: BuildReport
  sbom?: string
  /** The package, and what was split off. */
  path?: string
  splitPath?: string
  /** The archive that was handed in. */
  uploaded?: Buffer
}

/** Builds a fixture as its case.json asks for it, or has it checked, or refused. */
export async function buildFixture(
  fixture: Fixture,
  engine: TestEngine,
  context: TestContext,
): Promise<FixtureEnd> {
  const folder = temporaryFolder()
  const path = join(folder, 'source')
  await layOut(fixture, path)
  const { runtime, request, makes } = fixture
  const name = makes === 'function' ? { function: 'fixture' } : { name: 'fixture' }
  const here = fixture.versionHere && versionHere(runtime, engine.tools, engine.profile)
  const version = here ? { version: here.version } : {}
  const common = { ...name, runtime, ...version, ...request }
  const attached = Object.entries(fixture.dependencies).map(async ([name, files]) => {
    await writeAll(files, join(folder, name))
    return dependencyOf(name, await zipped(join(folder, name), join(folder, `${name}.zip`)))
  })
  const options = {
    tools: await toolsOf(fixture, engine, context),
    profile: profileSchema.parse(merged((here || engine).profile, fixture.profile)),
    dependencies: attached.length > 0 ? await Promise.all(attached) : undefined,
  }
  return handIn(fixture, path, (source) => ({ ...common, source }), engine, options)
}

/** The fixture's request for a source. */
type Ask = (source: TestRequest['source']) => TestRequest

/** The folder at `path`, by the way that the fixture says. */
async function handIn(
  fixture: Fixture,
  path: string,
  ask: Ask,
  engine: TestEngine,
  options: BuildSettings,
): Promise<FixtureEnd> {
  const { as } = fixture
  const folder = { kind: 'folder', path, as } as const
  if (fixture.source === 'folder') return ended(ask(folder), engine, options)
  const archive = `${path}.zip`
  const { untouched } = fixture.expect
  // What passes untouched could not be told from what our own writer writes anew.
  const isByOthers = fixture.zippedBy === 'python' || untouched !== undefined
  const uploaded = await (isByOthers ? zippedByOthers : zipped)(path, archive)
  if (fixture.source === 'checked') {
    const { report, failure } = await engine.check(archive, ask(folder), options)
    return { report, failure, path: archive }
  }
  if (fixture.source === 'object') return fromBucket(fixture, uploaded, ask, engine, options)
  const upload = sha256Of(uploaded)
  const source = { kind: 'upload', upload, as } as const
  const given = { ...options, uploads: { [upload]: uploaded } }
  return { ...(await ended(ask(source), engine, given)), uploaded }
}

async function ended(
  request: TestRequest,
  engine: TestEngine,
  options: BuildSettings,
): Promise<FixtureEnd> {
  try {
    const { outcome, path, splitPath } = await engine.build(request, options)
    return { ...outcome, path, splitPath }
  } catch (refusal) {
    if (!(refusal instanceof PacklineError)) throw refusal
    return { failure: toFailure(refusal) }
  }
}

/** In the function's region, but where the fixture's profile names one of its own. */
async function fromBucket(
  { as, profile: given }: Fixture,
  archive: Buffer,
  ask: Ask,
  engine: TestEngine,
  options: BuildSettings,
): Promise<FixtureEnd> {
  const users = await makeTestBucket()
  try {
    const address = await users.put('source.zip', archive)
    const source = { kind: 'object', address, as } as const
    const region = { region: users.store.region, ...given }.region
    const profile = profileSchema.parse({ ...(options.profile ?? engine.profile), region })
    const objectStores = [users.store]
    return await ended(ask(source), engine, { ...options, profile, objectStores })
  } finally {
    await users.remove()
  }
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

async function zipped(folder: string, path: string): Promise<Buffer> {
  const tree = await folderTree(folder)
  await writeZip(
    tree.files.map((file) => tree.entry(file)),
    { path },
  )
  return readFile(path)
}

async function zippedByOthers(folder: string, path: string): Promise<Buffer> {
  const names = (await readdir(folder)).toSorted()
  await promisify(execFile)('python3', ['-m', 'zipfile', '-c', path, ...names], { cwd: folder })
  return readFile(path)
}
