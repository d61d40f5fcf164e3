import { createHash } from 'node:crypto'
import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Draft, NewBuild, Records } from '@packline/records'
import {
  type BatchCallback,
  type BuildRequest,
  checkFormat,
  FAILURES,
  failed,
  LIMITS,
  locateObject,
  type ObjectStore,
  PacklineError,
  type ParsedBuildRequest,
  type ParsedDependencyRequest,
  type Profile,
  queueOf,
  resolveDependencyRequest,
  resolveRequest,
  STORE_KEYS,
} from '@packline/shared'
import type { Store } from '@packline/stores'
import { findDraft, pinDraft } from './draft-source.ts'
import { pinning } from './pinning.ts'
import { intakeFailures } from './texts.ts'
import { type CheckAddress, checkCallback, withCallbackOf, withSecret } from './told.ts'

/** How many answers of the store are waited for at once, for the sources of a batch. */
const STORE_CALLS_MAX = 16

/** Requests that are looked at before whoever else waits for this process has a turn. */
const JUDGED_AT_ONCE = 200

const FORMATS = ['zip', 'jar'] as const

/** Who asks, and how; a batch's mistakes name the build they are in. */
export interface Asking {
  tenant: string
  as: 'build' | 'batch'
  /** Of the batch: its builds tell it, too. */
  callback?: BatchCallback
}

/** What is asked of the records and the store before a job exists. */
export interface Known {
  profile: Profile
  store: Store
  records: Records
  /** Callbacks are judged by it. */
  checkAddress: CheckAddress
  /** Without them, addresses of objects are judged by the build alone. */
  objectStores?: readonly ObjectStore[]
}

/** Told what is wrong with a build, which is left out then; by throwing it ends the whole. */
export type OnWrong = (index: number, error: PacklineError) => void

/**
 * Makes builds of parsed requests: everything that can be refused before a job exists is refused
 * here, and then files too large for a record go to the store, so that a refusal leaves nothing.
 */
export async function takeIn(
  parsed: readonly ParsedBuildRequest[],
  asking: Asking,
  known: Known,
): Promise<NewBuild[]> {
  const builds = await takeInEach(parsed, asking, known, (index, error) => {
    throw asking.as === 'batch' ? inBatch(index, error) : error
  })
  return builds.filter((build) => build !== undefined)
}

/** The same where a mistake in one build need not refuse the others: a hole for each left out. */
export async function takeInEach(
  given: readonly ParsedBuildRequest[],
  { tenant, as, callback }: Asking,
  known: Known,
  onWrong: OnWrong,
): Promise<(NewBuild | undefined)[]> {
  checkCallback(callback, known.checkAddress)
  const parsed = given.map((request) => withCallbackOf(callback, request))
  const resolved: (Resolved | undefined)[] = []
  for (const [index, request] of parsed.entries()) {
    if (index % JUDGED_AT_ONCE === JUDGED_AT_ONCE - 1) await othersTurn()
    resolved.push(
      judged(index, onWrong, () => {
        checkCallback(request.callback, known.checkAddress)
        return checkedSource(resolveRequest(request, known.profile), known)
      }),
    )
  }
  const pinned = pinning(tenant, known.records)
  const complete = await inTurns(resolved, async (one, index) => {
    const { runtime, dependencies = [] } = parsed[index] as ParsedBuildRequest
    if (!one || dependencies.length === 0) return one
    const pins = await pinned(dependencies, runtime).catch((error: unknown) => error as Error)
    return judged(index, onWrong, () => {
      if (pins instanceof Error) throw pins
      return { ...one, request: { ...one.request, dependencies: pins } }
    })
  })
  const builds = await ready(complete, { tenant, as }, known, onWrong)
  return builds.map((build, index) => withSecret(build, parsed[index] as ParsedBuildRequest))
}

/** The same for a dependency package. */
export async function takeInDependency(
  parsed: ParsedDependencyRequest,
  tenant: string,
  known: Known,
): Promise<NewBuild> {
  const request = checkedSource(resolveDependencyRequest(parsed, known.profile), known)
  const [build] = await ready([request], { tenant, as: 'build' }, known, (_index, error) => {
    throw error
  })
  return build as NewBuild
}

/** A request that is right, and its inline files where they are too large for the record. */
interface Resolved {
  request: BuildRequest
  large: Buffer | undefined
  draft?: Draft
}

function checkedSource(request: BuildRequest, { objectStores, profile }: Known): Resolved {
  const { source } = request
  if (source.kind === 'object' && objectStores) {
    locateObject(source.address, objectStores, profile.region)
  }
  return { request, large: largeFiles(request) }
}

/** Uploads and drafts are looked up, then what is too large for a record is stored. */
async function ready(
  resolved: readonly (Resolved | undefined)[],
  { tenant, as }: Asking,
  known: Known,
  onWrong: OnWrong,
): Promise<(NewBuild | undefined)[]> {
  const formatOf = uploadFormats(tenant, known)
  const right = await inTurns(resolved, async (one, index) => {
    if (one?.request.source.kind === 'draft') {
      const draft = await findDraft(one.request, tenant, known).catch((error: unknown) => error)
      return judged(index, onWrong, () => withDraft(one, draft))
    }
    if (one?.request.source.kind !== 'upload') return one
    const { request } = one
    const format = await formatOf(one.request.source.upload).catch((error: unknown) => error)
    return judged(index, onWrong, () => {
      if (format !== 'zip' && format !== 'jar') throw format
      checkFormat(format, request)
      return one
    })
  })
  return inTurns(right, async (one) => {
    if (!one) return undefined
    const { request, large, draft } = one
    const { runtime, version } = request
    // A batch of interactive builds would walk round the tenant's window.
    const priority = as === 'batch' ? 'bulk' : (request.priority ?? 'interactive')
    const build: NewBuild = { request, queue: queueOf(runtime, version), priority }
    if (large) return withoutFiles(build, await keep(large, tenant, known))
    if (draft) return { ...build, ...(await pinDraft(request, draft, tenant, known)) }
    if (request.source.kind !== 'upload') return build
    const { upload } = request.source
    const format = await formatOf(upload)
    return { ...build, sourceKey: STORE_KEYS.upload(tenant, upload, format) }
  })
}

function withDraft(one: Resolved, draft: unknown): Resolved {
  if (draft instanceof Error) throw draft
  return { ...one, draft: draft as Draft }
}

/** The inline files of a request as the store gets them; undefined where the record takes them. */
function largeFiles({ source }: BuildRequest): Buffer | undefined {
  if (source.kind !== 'inline') return undefined
  const text = JSON.stringify(source.files)
  const size = Buffer.byteLength(text)
  if (size <= LIMITS.inlineInRecordBytesMax) return undefined
  if (size <= LIMITS.inlineBytesMax) return Buffer.from(text)
  const words = intakeFailures.inlineTooLarge(size, LIMITS.inlineBytesMax)
  throw failed('INVALID_REQUEST', words, { at: 'source.files' })
}

/** Stores inline files under their own digest and answers the key. */
async function keep(bytes: Buffer, tenant: string, { store, records }: Known): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const key = STORE_KEYS.inline(tenant, sha256)
  await records.claim([key])
  await store.put(key, { bytes }, { sha256, contentType: 'application/json' })
  return key
}

function withoutFiles(build: NewBuild, sourceKey: string): NewBuild {
  const { source } = build.request
  if (source.kind !== 'inline') return build
  return { ...build, request: { ...build.request, source: { ...source, files: {} } }, sourceKey }
}

/** Asks the store once for each upload, however many builds of a batch name it. */
function uploadFormats(tenant: string, known: Known) {
  const asked = new Map<string, Promise<'zip' | 'jar'>>()
  return (upload: string) => {
    const format = asked.get(upload) ?? findUpload(upload, tenant, known)
    asked.set(upload, format)
    return format
  }
}

async function findUpload(
  upload: string,
  tenant: string,
  { store, records }: Known,
): Promise<'zip' | 'jar'> {
  await records.claim(FORMATS.map((format) => STORE_KEYS.upload(tenant, upload, format)))
  for (const format of FORMATS) {
    if (await store.head(STORE_KEYS.upload(tenant, upload, format))) return format
  }
  throw failed('UPLOAD_NOT_FOUND', intakeFailures.noUpload(upload), { at: 'source.upload' })
}

/** What is the caller's to mend is one build's; all else is nobody's fault and ends the whole. */
function judged<T>(index: number, onWrong: OnWrong, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PacklineError) || FAILURES[error.code].blame !== 'caller') throw error
    onWrong(index, error)
    return undefined
  }
}

/** A batch's mistake names the build it is in, such as `builds[3].handler`, or its line. */
export function inBatch(index: number, error: PacklineError, line?: number): PacklineError {
  const { hint, cause, at: inside, zh: told } = error
  const build = `builds[${index}]`
  const at = inside === undefined ? build : `${build}.${inside}`
  const place =
    line === undefined ? { en: build, zh: build } : { en: `line ${line}`, zh: `第 ${line} 行` }
  const zh = told && { ...told, detail: `${place.zh}：${told.detail}` }
  return new PacklineError(error.code, `${place.en}: ${error.message}`, { at, hint, zh, cause })
}

/** In the order given, some at a time; the first fault ends it. */
async function inTurns<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>) {
  const results: R[] = []
  for (let from = 0; from < items.length; from += STORE_CALLS_MAX) {
    const some = items.slice(from, from + STORE_CALLS_MAX)
    results.push(...(await Promise.all(some.map((item, offset) => work(item, from + offset)))))
  }
  return results
}
