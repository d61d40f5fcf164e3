import { pipeline } from 'node:stream/promises'
import { type BuildView, PacklineError, type StoredPackage } from '@packline/shared'
import type { Request, Response } from 'express'
import { untilClosed } from '../paced-write.ts'
import type { Surroundings } from '../surroundings.ts'

/** The finished package, streamed out of the store; its ETag is its sha256. */
export async function sendPackage(
  request: Request<{ id: string }>,
  response: Response,
  { records, store }: Surroundings,
): Promise<void> {
  const build = await records.get(response.locals.tenant, request.params.id)
  if (!build.package) {
    throw new PacklineError(
      'NOT_FOUND',
      `The build ${build.id} is ${build.state}: it has no package`,
      { hint: `GET /v1/builds/${build.id} says why.` },
    )
  }
  if (isKnown(request, build.package)) {
    response.status(304).set('ETag', `"${build.package.sha256}"`).end()
    return
  }
  if (request.method === 'HEAD') {
    describe(response, build, build.package)
    response.end()
    return
  }
  const gone = untilClosed(response)
  const object = await store.get(build.package.key, { signal: gone })
  if (!object) throw noLongerThere(build)
  describe(response, build, build.package)
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

function describe(response: Response, build: BuildView, { format, sha256, size }: StoredPackage) {
  response.attachment(`${build.function}.${format}`)
  response.type(format === 'jar' ? 'application/java-archive' : 'application/zip')
  response.set({
    ETag: `"${sha256}"`,
    'X-Content-SHA256': sha256,
    'Cache-Control': 'private',
    'Content-Length': String(size),
  })
}

function noLongerThere({ id }: BuildView): PacklineError {
  return new PacklineError('NOT_FOUND', `The package of ${id} is no longer in the store`, {
    hint: `Make it again with POST /v1/builds/${id}/retry.`,
  })
}
