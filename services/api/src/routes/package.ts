import { pipeline } from 'node:stream/promises'
import { PacklineError } from '@packline/shared'
import type { Request, Response } from 'express'
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
      {
        hint: `GET /v1/builds/${build.id} says why.`,
      },
    )
  }
  const { key, format, sha256 } = build.package
  response.set({ ETag: `"${sha256}"`, 'X-Content-SHA256': sha256, 'Cache-Control': 'private' })
  if (request.fresh) {
    response.status(304).end()
    return
  }
  const object = await store.get(key)
  if (!object) {
    throw new PacklineError('NOT_FOUND', `The package of ${build.id} is no longer in the store`, {
      hint: `Make it again with POST /v1/builds/${build.id}/retry.`,
    })
  }
  response.attachment(`${build.function}.${format}`)
  response.type(format === 'jar' ? 'application/java-archive' : 'application/zip')
  response.set('Content-Length', String(object.size))
  // A reader that goes away is no fault of ours; pipeline has closed both ends then.
  await pipeline(object.stream, response).catch((error: unknown) => {
    if (!response.destroyed) throw error
  })
}
