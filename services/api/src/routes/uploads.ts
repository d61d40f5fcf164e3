import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openArchive, verifyArchive } from '@packline/archive'
import {
  failed,
  LIMITS,
  type PacklineError,
  parse,
  STORE_KEYS,
  type Uploaded,
  uploadQuery,
} from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { madeOnce } from '../idempotency.ts'
import { untilClosed } from '../paced-write.ts'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'
import { bodyFailures } from '../texts/bodies.ts'
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
  const signal = untilClosed(response)
  const { entryNameEncoding } = parse(uploadQuery, request.query, 'the query')
  const came = { path, entryNameEncoding, signal }
  // The file has gone before the answer: who has it knows that nothing is left.
  const uploaded = await bring(request, response, came, surroundings).finally(() =>
    rm(path, { force: true }),
  )
  response.status(201).json(uploaded)
}

interface Coming {
  path: string
  entryNameEncoding: 'gb18030' | undefined
  signal: AbortSignal
}

async function bring(
  request: Request,
  response: Response,
  { path, entryNameEncoding, signal }: Coming,
  surroundings: Surroundings,
): Promise<Uploaded> {
  const { store, profile, records } = surroundings
  const { tenant } = response.locals
  const { size, sha256 } = await whileAnswering(store, signal, (until) =>
    receive(request, path, profile.limits.uploadBytesMax, until),
  )
  const asked = { sha256, entryNameEncoding }
  const { answer, replayed } = await madeOnce(
    request,
    response,
    asked,
    surroundings,
    async (idempotency) => {
      const { format, entries } = await inspect(path, entryNameEncoding, surroundings, signal)
      const key = STORE_KEYS.upload(tenant, sha256, format)
      const contentType = format === 'jar' ? 'application/java-archive' : 'application/zip'
      await records.claim([key])
      await store.put(key, { path, size }, { sha256, contentType, signal })
      const uploaded: Uploaded = { upload: sha256, sha256, size, format, entries }
      if (idempotency) await records.keepAnswer(tenant, idempotency, uploaded)
      return { ids: [], answer: uploaded, replayed: false }
    },
  )
  const uploaded = answer as Uploaded
  // It is to be built from: a day begins again in which it is not swept.
  if (replayed) await records.claim([STORE_KEYS.upload(tenant, sha256, uploaded.format)])
  return uploaded
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
  throw failed('FORMAT', bodyFailures.emptyUpload())
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
  return failed('UPLOAD_TOO_LARGE', bodyFailures.uploadTooLarge(bytesMax))
}
