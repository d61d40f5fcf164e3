import { buffer } from 'node:stream/consumers'
import type { BuildRecord } from '@packline/records'
import { type BuildRequest, LIMITS, PacklineError } from '@packline/shared'
import type { Store } from '@packline/stores'

/**
 * The request with its inline files: those that were too many for the record lie in the store.
 * Throws STORE_UNAVAILABLE, or BUG where they are not what was written before the build was
 * accepted.
 */
export async function completeRequest(
  { sourceKey }: Pick<BuildRecord, 'sourceKey'>,
  request: BuildRequest,
  store: Pick<Store, 'get'>,
  signal: AbortSignal,
): Promise<BuildRequest> {
  if (sourceKey === undefined || request.source.kind !== 'inline') return request
  const object = await store.get(sourceKey, { signal })
  if (!object) throw new PacklineError('BUG', `The inline files ${sourceKey} are not in the store`)
  if (object.size > LIMITS.inlineBytesMax) {
    object.stream.destroy()
    const found = `The inline files ${sourceKey} have ${object.size} bytes`
    throw new PacklineError('BUG', `${found}; expected at most ${LIMITS.inlineBytesMax}`)
  }
  const files = JSON.parse((await buffer(object.stream)).toString('utf8'))
  return { ...request, source: { ...request.source, files } }
}
