import { pipeline } from 'node:stream/promises'
import { failed, type StoredPackage } from '@packline/shared'
import type { Request, Response } from 'express'
import { untilClosed } from '../paced-write.ts'
import type { Surroundings } from '../surroundings.ts'
import { packageFailures } from '../texts/packages.ts'

/** The finished package of a build. */
export async function sendPackage(
  request: Request<{ id: string }>,
  response: Response,
  { records, store }: Surroundings,
): Promise<void> {
  const { tenant } = response.locals
  const {
    id,
    function: name,
    state,
    package: stored,
  } = await records.get(tenant, request.params.id)
  if (!stored) throw failed('NOT_FOUND', packageFailures.none(id, state))
  await sendStored(request, response, { stored, name, build: id }, store)
}

/** A package, what its file is called, and the build that made it. */
interface Wanted {
  stored: StoredPackage
  name: string
  build: string
}

/** Streams a package out of the store; its ETag is its sha256. */
export async function sendStored(
  request: Request,
  response: Response,
  { stored, name, build }: Wanted,
  store: Surroundings['store'],
): Promise<void> {
  if (isKnown(request, stored)) {
    response.status(304).set('ETag', `"${stored.sha256}"`).end()
    return
  }
  if (request.method === 'HEAD') {
    describe(response, name, stored)
    response.end()
    return
  }
  const gone = untilClosed(response)
  const object = await store.get(stored.key, { signal: gone })
  if (!object) throw failed('NOT_FOUND', packageFailures.lost(name, build))
  describe(response, name, stored)
  // Where either end fails, pipeline has closed both: a reader sees a cut answer, never a short
  // one.
  await pipeline(object.stream, response).catch((error: unknown) => {
    if (!gone.aborted) throw error
  })
}

/**
 * Whether the reader has it already. Express would not look where a reader tells the caches on the
 * way to ask again, as fetch does.
 */
function isKnown(request: Request, { sha256 }: StoredPackage): boolean {
  const tags = request.get('if-none-match')?.split(',') ?? []
  return tags.some((tag) => tag.trim().replace(/^W\//, '') === `"${sha256}"`)
}

function describe(response: Response, name: string, { format, sha256, size }: StoredPackage) {
  response.attachment(`${name}.${format}`)
  response.type(format === 'jar' ? 'application/java-archive' : 'application/zip')
  response.set({
    ETag: `"${sha256}"`,
    'X-Content-SHA256': sha256,
    'Cache-Control': 'private',
    'Content-Length': String(size),
  })
}
