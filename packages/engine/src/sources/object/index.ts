import {
  checkRegion,
  failed,
  locateObject,
  type ObjectPlace,
  type ObjectStore,
  type SourceOf,
  type SourcePin,
} from '@packline/shared'
import { type FoundObject, type ObjectRefusal, objectReader } from '@packline/stores'
import type { BuildContext } from '../../context.ts'
import { OTHER_REGION, objectFailures, storeSays } from '../../texts/failures/sources.ts'
import type { Workbench } from '../../workbench.ts'
import { type Arrived, arrive, differs, tooLarge, within } from '../arrive.ts'
import type { Source } from '../source.ts'

type Pin = Extract<SourcePin, { kind: 'object' }>

/**
 * An archive in one of the operator's object stores (rules object-address and object-size): asked
 * for its size before any of it is fetched, and fetched as the very object that was asked about.
 */
export const objectSource: Source<'object'> = {
  kind: 'object',
  fetch: async (spec, context, bench, build) => {
    const place = locateObject(spec.address, context.objectStores, context.profile.region)
    const earlier = context.pinned?.kind === 'object' ? context.pinned : undefined
    const { etag, arrived } = await within(context.signal, build.timeoutSeconds, (signal) =>
      read(place, spec, earlier, { ...context, signal }, bench),
    )
    const { archive, size, sha256 } = arrived
    const pin: Pin = { kind: 'object', address: spec.address, etag, sha256, size }
    await context.reporter.pin(pin)
    return { pin, archive, size, sha256 }
  },
}

async function read(
  place: ObjectPlace,
  spec: SourceOf<'object'>,
  earlier: Pin | undefined,
  context: BuildContext,
  bench: Workbench,
): Promise<{ etag: string; arrived: Arrived }> {
  const { signal, profile } = context
  const { store, bucket, key } = place
  const title = `s3://${bucket}/${key}`
  const keys = await keysFor(place, spec, context)
  const reader = objectReader({ ...store, ...keys, bucket })
  try {
    const { size, etag } = found(await reader.head(key, signal), place, title, profile.region)
    if (earlier && earlier.etag !== etag) throw differs(title, `etag ${earlier.etag}`, etag)
    const bytesMax = profile.limits.packageBytesMax
    if (size > bytesMax) throw tooLarge(title, size, bytesMax)
    const { stream } = found(await reader.get(key, etag, signal), place, title, profile.region)
    const arrival = { stream, title, bytesMax, sha256: earlier?.sha256 }
    return { etag, arrived: await arrive(arrival, bench) }
  } finally {
    await reader.close()
  }
}

/** Where all tenants' packages lie the operator's key reads for none of them. */
const NO_KEY: Pick<ObjectStore, 'accessKeyId' | 'secretAccessKey'> = {}

/** The tenant's own key, else the operator's. */
async function keysFor(
  place: ObjectPlace,
  { credential: name }: SourceOf<'object'>,
  { openCredential, deploymentBucket }: BuildContext,
): Promise<{ accessKey: string; secretKey: string }> {
  const { store } = place
  const operators = deploymentBucket?.holds(place) ? NO_KEY : store
  const own = await openCredential({ kind: 'object', store: store.name, name })
  const { accessKeyId: accessKey, secretAccessKey: secretKey } = own ?? operators
  if (accessKey !== undefined && secretKey !== undefined) return { accessKey, secretKey }
  throw failed('SOURCE_NOT_ALLOWED', objectFailures.noCredential(store.name))
}

function found<T extends FoundObject>(
  answer: T | ObjectRefusal,
  { store, bucket }: ObjectPlace,
  title: string,
  region: string,
): T {
  switch (answer.is) {
    case 'found':
      return answer
    case 'missing':
      throw failed('SOURCE_NOT_FOUND', objectFailures.missing(title))
    case 'no bucket':
      throw failed('BUCKET_NOT_KNOWN', objectFailures.noBucket(store.name, bucket))
    case 'changed':
      throw failed('SOURCE_DIFFERS', objectFailures.changed(title))
    case 'elsewhere':
      checkRegion(answer.region ?? 'another one', region, bucket)
      throw failed('SOURCE_NOT_ALLOWED', objectFailures.refused(title, OTHER_REGION))
    case 'refused':
      throw failed('SOURCE_NOT_ALLOWED', objectFailures.refused(title, storeSays(answer.said)))
  }
}
