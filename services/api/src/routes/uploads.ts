import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Archive, openArchive, verifyArchive } from '@packline/archive'
import { LIMITS, PacklineError, STORE_KEYS } from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'

/** How long a sender of too much may go on sending while it reads the refusal. */
const DRAIN_MS = 1000

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
  const { scratch, store, profile } = surroundings
  const bytesMax = profile.limits.uploadBytesMax
  if (Number(request.get('content-length') ?? 0) > bytesMax) refuse(request, response, bytesMax)
  await mkdir(scratch, { recursive: true })
  const path = join(scratch, `upload-${randomUUID()}`)
  try {
    const { size, sha256 } = await receive(request, response, path, bytesMax)
    const { format, entries } = await inspect(path, surroundings)
    const key = STORE_KEYS.upload(response.locals.tenant, sha256, format)
    const contentType = format === 'jar' ? 'application/java-archive' : 'application/zip'
    await store.put(key, { path, size }, { sha256, contentType })
    response.status(201).json({ upload: sha256, sha256, size, format, entries })
  } finally {
    await rm(path, { force: true })
  }
}

/** The whole gate, checksums too: what is damaged is told now, not in a build. */
async function inspect(path: string, { profile }: Surroundings) {
  const limits = {
    entriesMax: LIMITS.archiveEntriesMax,
    unpackedBytesMax: profile.limits.unpackedBytesMax,
    ratioMax: LIMITS.archiveRatioMax,
  }
  const archive: Archive = await openArchive({ path }, { limits })
  try {
    await verifyArchive(archive)
    return { format: archive.format, entries: archive.entries.length }
  } finally {
    await archive.close()
  }
}

async function receive(request: Request, response: Response, path: string, bytesMax: number) {
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
  try {
    // The request must outlive a refusal, or its sender never reads it.
    await pipeline(request.iterator({ destroyOnReturn: false }), measured, createWriteStream(path))
  } catch (error) {
    if (error instanceof PacklineError) letDrain(request, response)
    throw error
  }
  if (size === 0) throw new PacklineError('FORMAT', 'The body is empty; expected a ZIP or a JAR')
  return { size, sha256: hash.digest('hex') }
}

function refuse(request: Request, response: Response, bytesMax: number): never {
  letDrain(request, response)
  throw tooLarge(bytesMax)
}

function letDrain(request: Request, response: Response): void {
  response.set('Connection', 'close')
  request.resume()
  response.on('finish', () => setTimeout(() => request.destroy(), DRAIN_MS).unref())
}

function tooLarge(bytesMax: number): PacklineError {
  return new PacklineError(
    'UPLOAD_TOO_LARGE',
    `The upload has more than ${bytesMax / 1024 / 1024} MB (${bytesMax} bytes)`,
    { hint: 'Put it in object storage and give its address.' },
  )
}
