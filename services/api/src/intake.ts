import { createHash } from 'node:crypto'
import type { AcceptOptions, NewBuild } from '@packline/records'
import {
  type BuildRequest,
  checkFormat,
  LIMITS,
  PacklineError,
  type ParsedBuildRequest,
  type ParsedDependencyRequest,
  queueOf,
  resolveDependencyRequest,
  resolveRequest,
  STORE_KEYS,
} from '@packline/shared'
import { pinning } from './pinning.ts'
import type { Surroundings } from './surroundings.ts'

/** How many answers of the store are waited for at once, for the sources of a batch. */
const STORE_CALLS_MAX = 16

const FORMATS = ['zip', 'jar'] as const

/** Who asks, and how; a batch's mistakes name the build they are in. */
export interface Asking {
  tenant: string
  as: 'build' | 'batch'
  idempotency?: AcceptOptions['idempotency']
}

/** What is asked of the records and the store before a job exists. */
type Known = Pick<Surroundings, 'profile' | 'store' | 'records'>

/**
 * Makes builds of parsed requests: everything that can be refused before a job exists is refused
 * here, and then files too large for a record go to the store, so that a refusal leaves nothing.
 */
export async function takeIn(
  parsed: readonly ParsedBuildRequest[],
  { tenant, as, idempotency }: Asking,
  known: Known,
): Promise<NewBuild[]> {
  const place = (index: number) => (as === 'batch' ? index : undefined)
  const resolved = parsed.map((request, index) =>
    atPlace(place(index), () => checkedFiles(resolveRequest(request, known.profile))),
  )
  const pinned = pinning(tenant, known.records)
  const attached = await inTurns(parsed, async ({ runtime, dependencies = [] }, index) => {
    const pins = await pinned(dependencies, runtime).catch((error: unknown) => error as Error)
    return atPlace(place(index), () => {
      if (pins instanceof Error) throw pins
      return pins.length > 0 ? { dependencies: pins } : {}
    })
  })
  const complete = resolved.map((one, index) => ({
    ...one,
    request: { ...one.request, ...attached[index] },
  }))
  return ready(complete, { tenant, as, idempotency }, known)
}

/** The same for a dependency package. */
export async function takeInDependency(
  parsed: ParsedDependencyRequest,
  tenant: string,
  known: Known,
): Promise<NewBuild> {
  const request = checkedFiles(resolveDependencyRequest(parsed, known.profile))
  const [build] = await ready([request], { tenant, as: 'build' }, known)
  return build as NewBuild
}

/** A request that is right, and its inline files where they are too large for the record. */
interface Resolved {
  request: BuildRequest
  large: Buffer | undefined
}

function checkedFiles(request: BuildRequest): Resolved {
  return { request, large: largeFiles(request) }
}

/** Uploads are looked up, then what is too large for a record is stored. */
async function ready(
  resolved: readonly Resolved[],
  { tenant, as, idempotency }: Asking,
  known: Known,
): Promise<NewBuild[]> {
  const formatOf = uploadFormats(tenant, known)
  await inTurns(resolved, async ({ request }, index) => {
    if (request.source.kind !== 'upload') return
    const format = await formatOf(request.source.upload).catch((error: unknown) => error)
    atPlace(as === 'batch' ? index : undefined, () => {
      if (format !== 'zip' && format !== 'jar') throw format
      checkFormat(format, request)
    })
  })
  await known.records.checkIdempotency(tenant, idempotency)
  return inTurns(resolved, async ({ request, large }) => {
    const { runtime, version } = request
    // A batch of interactive builds would walk round the tenant's window.
    const priority = as === 'batch' ? 'bulk' : (request.priority ?? 'interactive')
    const build: NewBuild = { request, queue: queueOf(runtime, version), priority }
    if (large) return withoutFiles(build, await keep(large, tenant, known))
    if (request.source.kind !== 'upload') return build
    const { upload } = request.source
    const format = await formatOf(upload)
    return { ...build, sourceKey: STORE_KEYS.upload(tenant, upload, format) }
  })
}

/** The inline files of a request as the store gets them; undefined where the record takes them. */
function largeFiles({ source }: BuildRequest): Buffer | undefined {
  if (source.kind !== 'inline') return undefined
  const text = JSON.stringify(source.files)
  const size = Buffer.byteLength(text)
  if (size <= LIMITS.inlineInRecordBytesMax) return undefined
  if (size <= LIMITS.inlineBytesMax) return Buffer.from(text)
  throw new PacklineError(
    'INVALID_REQUEST',
    `source.files has ${size} bytes; inline files may have ${LIMITS.inlineBytesMax}`,
    { at: 'source.files', hint: 'Upload a ZIP with POST /v1/uploads instead.' },
  )
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
  throw new PacklineError('UPLOAD_NOT_FOUND', `There is no upload ${upload}`, {
    at: 'source.upload',
    hint: 'Upload the archive with POST /v1/uploads and use the id it answers.',
  })
}

/** A batch's mistake names the build it is in, such as `builds[3].handler`. */
function atPlace<T>(index: number | undefined, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (index === undefined || !(error instanceof PacklineError)) throw error
    const { hint, cause, at: inside } = error
    const build = `builds[${index}]`
    const at = inside === undefined ? build : `${build}.${inside}`
    throw new PacklineError(error.code, `${build}: ${error.message}`, { at, hint, cause })
  }
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
