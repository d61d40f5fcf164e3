import { buffer } from 'node:stream/consumers'
import { type PackageEntry, writeZip } from '@packline/archive'
import type { Draft, Records } from '@packline/records'
import {
  type BuildRequest,
  type DraftArchive,
  type DraftEntry,
  type DraftSource,
  type FailureWords,
  failed,
  PacklineError,
  type Profile,
  RUNTIMES,
  STORE_KEYS,
} from '@packline/shared'
import type { Store } from '@packline/stores'
import { draftFailures } from './texts.ts'

/** Contents that are read at once while a draft is packed. */
const READ_AT_ONCE = 16

/** What one file's headers may add to its content. */
const HEADERS_BYTES = 8 * 1024

interface Known {
  profile: Profile
  store: Store
  records: Pick<Records, 'claim' | 'functions'>
}

interface Pinned {
  request: BuildRequest
  sourceKey: string
}

/**
 * The draft that a request's build would have. Throws SOURCE_NOT_FOUND for a function that is not
 * registered or has no files, PRECONDITION_FAILED where the request names an older version, and
 * INVALID_REQUEST for another runtime than the function's: the files were let in for that one.
 */
export async function findDraft(
  { function: name, type, runtime, source }: BuildRequest,
  tenant: string,
  { records }: Known,
): Promise<Draft> {
  if (type === 'dependency') throw none(draftFailures.ofDependency(name))
  const draft = await records.functions.draft(tenant, name).catch((error: unknown) => {
    const isAbsent = error instanceof PacklineError && error.code === 'NOT_FOUND'
    throw isAbsent ? none(draftFailures.noFunction(name, RUNTIMES[runtime].onlineEdit)) : error
  })
  if (runtime !== draft.runtime) {
    const words = draftFailures.otherRuntime(name, draft.runtime, runtime)
    throw failed('INVALID_REQUEST', words, { at: 'runtime' })
  }
  const { version } = source as DraftSource
  if (version !== undefined && version !== draft.version) {
    const words = draftFailures.otherVersion(name, draft.version, version)
    const current = { version: draft.version }
    throw failed('PRECONDITION_FAILED', words, { at: 'source.version', current })
  }
  const hasFiles = [...draft.entries.values()].some(({ kind }) => kind !== 'folder')
  if (hasFiles || draft.archive) return draft
  throw none(draftFailures.noFiles(name, RUNTIMES[runtime].onlineEdit))
}

/** Puts the draft as it is into the store as one archive, which no later edit changes. */
export async function pinDraft(
  request: BuildRequest,
  draft: Draft,
  tenant: string,
  known: Known,
): Promise<Pinned> {
  const { version, archive } = draft
  const { as } = request.source
  if (archive) return pinArchive(request, version, archive, tenant, known)
  const { sha256, size } =
    (await madeBefore(request.function, version, tenant, known)) ??
    (await inTurn(() => pack(request.function, draft, tenant, known)))
  const source: DraftSource = { kind: 'draft', version, sha256, size, as }
  return { request: { ...request, source }, sourceKey: STORE_KEYS.draft(tenant, sha256) }
}

/** What was too large to be opened lies in the store already. */
async function pinArchive(
  request: BuildRequest,
  version: number,
  { upload: sha256, size, entryNameEncoding = request.build.entryNameEncoding }: DraftArchive,
  tenant: string,
  { records }: Known,
): Promise<Pinned> {
  const sourceKey = STORE_KEYS.upload(tenant, sha256, 'zip')
  await records.claim([sourceKey])
  const { as } = request.source
  const source: DraftSource = { kind: 'draft', version, sha256, size, upload: true, as }
  const build = { ...request.build, entryNameEncoding }
  return { request: { ...request, build, source }, sourceKey }
}

async function madeBefore(
  name: string,
  version: number,
  tenant: string,
  { records, store }: Known,
): Promise<{ sha256: string; size: number } | undefined> {
  const made = await records.functions.snapshot(tenant, name, version)
  if (!made) return undefined
  const key = STORE_KEYS.draft(tenant, made.sha256)
  await records.claim([key])
  return (await store.head(key)) ? made : undefined
}

let packing: Promise<unknown> = Promise.resolve()

/** One draft is in memory at a time, however many builds of a batch have one. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = packing.then(work, work)
  packing = mine
  return mine
}

/** By the writer of packages: a draft that passes through as it is has the bytes of any other. */
async function pack(name: string, { version, entries }: Draft, tenant: string, known: Known) {
  const { records, store, profile } = known
  const contents = [...entries].filter(([, { kind }]) => kind !== 'folder')
  const files: PackageEntry[] = []
  for (let from = 0; from < contents.length; from += READ_AT_ONCE) {
    const some = contents.slice(from, from + READ_AT_ONCE)
    files.push(...(await Promise.all(some.map((one) => read(one, tenant, store)))))
  }
  const bytesMax = profile.limits.editorBytesMax + HEADERS_BYTES * files.length
  const { content, sha256, size } = await writeZip(files, { memory: true, bytesMax })
  if (!('bytes' in content)) throw new PacklineError('BUG', 'The draft was to stay in memory')
  const key = STORE_KEYS.draft(tenant, sha256)
  await records.claim([key])
  await store.put(key, { bytes: content.bytes }, { sha256, contentType: 'application/zip' })
  await records.functions.keepSnapshot(tenant, name, { version, sha256, size })
  return { sha256, size }
}

async function read(
  [path, { kind, size, sha256, executable = false, linkTarget }]: [string, DraftEntry],
  tenant: string,
  store: Store,
): Promise<PackageEntry> {
  if (kind === 'link') {
    return { path, kind, executable, size, content: Buffer.from(linkTarget ?? ''), linkTarget }
  }
  const object = await store.get(STORE_KEYS.draftFile(tenant, sha256 ?? ''))
  if (object) return { path, executable, size, content: await buffer(object.stream) }
  throw failed('STORE_UNAVAILABLE', draftFailures.contentGone(path))
}

function none(words: FailureWords): PacklineError {
  return failed('SOURCE_NOT_FOUND', words, { at: 'source' })
}
