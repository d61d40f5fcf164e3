import { createHash } from 'node:crypto'
import type { NewBuild } from '@packline/records'
import {
  type BuildRequest,
  checkFormat,
  LIMITS,
  PacklineError,
  type ParsedBuildRequest,
  queueOf,
  resolveRequest,
  STORE_KEYS,
} from '@packline/shared'
import type { Surroundings } from './surroundings.ts'

/** How many stores are asked at once for the uploads and inline files of a batch. */
const STORE_CALLS_MAX = 16

/**
 * Makes builds of parsed requests: everything that can be refused before a job exists is refused
 * here, and files too large for a record go to the store.
 */
export async function takeIn(
  parsed: readonly ParsedBuildRequest[],
  tenant: string,
  priority: 'interactive' | 'bulk',
  { profile, store }: Surroundings,
): Promise<NewBuild[]> {
  const single = parsed.length === 1
  const requests = parsed.map((request, index) =>
    atPlace(single ? undefined : index, () => resolveRequest(request, profile)),
  )
  const uploads = new Map<string, Promise<'zip' | 'jar'>>()
  const formatOf = (upload: string) => {
    const known = uploads.get(upload) ?? findUpload(upload, tenant, store)
    uploads.set(upload, known)
    return known
  }
  return inTurns(requests, async (request, index) => {
    if (request.source.kind === 'upload') {
      const { upload } = request.source
      const format = await formatOf(upload)
      atPlace(single ? undefined : index, () => checkFormat(format, request))
    }
    return toBuild(request, tenant, request.priority ?? priority, store)
  })
}

async function toBuild(
  request: BuildRequest,
  tenant: string,
  priority: 'interactive' | 'bulk',
  store: Surroundings['store'],
): Promise<NewBuild> {
  const build = { request, queue: queueOf(request.runtime, request.version), priority }
  if (request.source.kind !== 'inline') return build
  const text = JSON.stringify(request.source.files)
  const size = Buffer.byteLength(text)
  if (size <= LIMITS.inlineInRecordBytesMax) return build
  if (size > LIMITS.inlineBytesMax) {
    throw new PacklineError(
      'INVALID_REQUEST',
      `source.files has ${size} bytes; inline files may have ${LIMITS.inlineBytesMax}`,
      { at: 'source.files', hint: 'Upload a ZIP with POST /v1/uploads instead.' },
    )
  }
  const bytes = Buffer.from(text)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const sourceKey = STORE_KEYS.inline(tenant, sha256)
  await store.put(sourceKey, { bytes }, { sha256, contentType: 'application/json' })
  return { ...build, request: { ...request, source: { ...request.source, files: {} } }, sourceKey }
}

async function findUpload(
  upload: string,
  tenant: string,
  store: Surroundings['store'],
): Promise<'zip' | 'jar'> {
  for (const format of ['zip', 'jar'] as const) {
    if (await store.head(STORE_KEYS.upload(tenant, upload, format))) return format
  }
  throw new PacklineError('UPLOAD_NOT_FOUND', `There is no upload ${upload}`, {
    at: 'source.upload',
    hint: 'Upload the archive with POST /v1/uploads and use the id it answers.',
  })
}

/** A batch's mistake names the build it is in. */
function atPlace<T>(index: number | undefined, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (index === undefined || !(error instanceof PacklineError)) throw error
    const { hint, cause } = error
    const at = `builds[${index}]`
    throw new PacklineError(error.code, `${at}: ${error.message}`, { at, hint, cause })
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
