import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openArchive, verifyArchive } from '@packline/archive'
import { LIMITS, PacklineError, STORE_KEYS } from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { untilClosed } from '../paced-write.ts'
import { parse } from '../parse.ts'
import { otherMethods } from '../problem.ts'
import { uploadQuery } from '../query.ts'
import type { Surroundings } from '../surroundings.ts'
import { uploadFile } from '../upload-file.ts'

/** `POST /v1/uploads`: a ZIP or JAR as the raw body; its bytes say what it is, not its name. */
export function uploadRoutes(surroundings: Surroundings): Router {
  const router = Router()
  router
    .route('/')
    .post((request, response) => take(request, response, surroundings))
    .all(otherMethods)
  return router
}

async function take(request: Request, response: Response, surroundings: Surroundings) {
  const bytesMax = surroundings.profile.limits.uploadBytesMax
  if (Number(request.get('content-length') ?? 0) > bytesMax) throw tooLarge(bytesMax)
  await mkdir(surroundings.scratch, { recursive: true })
  const path = uploadFile(surroundings.scratch)
  const { tenant } = response.locals
  const signal = untilClosed(response)
  const { entryNameEncoding } = parse(uploadQuery, request.query, 'the query')
  // The file has gone before the answer: who has it knows that nothing is left.
  const uploaded = await bring(
    request,
    path,
    { tenant, entryNameEncoding },
    surroundings,
    signal,
  ).finally(() => rm(path, { force: true }))
  response.status(201).json(uploaded)
}

async function bring(
  request: Request,
  path: string,
  { tenant, entryNameEncoding }: { tenant: string; entryNameEncoding?: 'gb18030' },
  surroundings: Surroundings,
  signal: AbortSignal,
) {
  const { store, profile, records } = surroundings
  const { size, sha256 } = await whileAnswering(store, signal, (until) =>
    receive(request, path, profile.limits.uploadBytesMax, until),
  )
  const { format, entries } = await inspect(path, entryNameEncoding, surroundings, signal)
  const key = STORE_KEYS.upload(tenant, sha256, format)
  const contentType = format === 'jar' ? 'application/java-archive' : 'application/zip'
  await records.claim([key])
  await store.put(key, { path, size }, { sha256, contentType, signal })
  return { upload: sha256, sha256, size, format, entries }
}

/**
 * Nobody sends 50 MB to hear then that the store is away: it is asked while the first bytes come.
 */
async function whileAnswering<T>(
  store: Surroundings['store'],
  signal: AbortSignal,
  work: (until: AbortSignal) => Promise<T>,
): Promise<T> {
  const away = new AbortController()
  const asked = store.ping().catch((error: unknown) => away.abort(error))
  try {
    const done = await work(AbortSignal.any([signal, away.signal]))
    await asked
    away.signal.throwIfAborted()
    return done
  } catch (error) {
    throw away.signal.aborted ? away.signal.reason : error
  }
}

async function receive(request: Request, path: string, bytesMax: number, signal: AbortSignal) {
  const hash = createHash('sha256')
  let size = 0
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > bytesMax) {
        done(tooLarge(bytesMax))
        return
      }
      hash.update(chunk)
      done(null, chunk)
    },
  })
  // The request must outlive a refusal, or its sender never reads it.
  const bytes = request.iterator({ destroyOnReturn: false })
  await pipeline(bytes, measured, createWriteStream(path, { mode: 0o600 }), { signal })
  if (size > 0) return { size, sha256: hash.digest('hex') }
  throw new PacklineError('FORMAT', 'The body is empty; expected a ZIP or a JAR', {
    hint: 'Send the bytes of the archive as the body, such as curl --data-binary @function.zip.',
  })
}

/** The whole gate, checksums too: what is damaged is told now, not in a build. */
async function inspect(
  path: string,
  entryNameEncoding: 'gb18030' | undefined,
  { profile }: Surroundings,
  signal: AbortSignal,
) {
  const limits = {
    entriesMax: LIMITS.archiveEntriesMax,
    unpackedBytesMax: profile.limits.unpackedBytesMax,
    ratioMax: LIMITS.archiveRatioMax,
  }
  const archive = await openArchive({ path }, { limits, entryNameEncoding, signal })
  try {
    await verifyArchive(archive, { signal })
    return { format: archive.format, entries: archive.entries.length }
  } finally {
    await archive.close()
  }
}

function tooLarge(bytesMax: number): PacklineError {
  return new PacklineError(
    'UPLOAD_TOO_LARGE',
    `The upload has more than ${bytesMax / 1024 / 1024} MB (${bytesMax} bytes)`,
  )
}
