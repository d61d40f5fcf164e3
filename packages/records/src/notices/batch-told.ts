import { BATCH_CALLBACK_EVENTS, type BatchCallback } from '@packline/shared'
import { partAddress, wholeAddress } from '../address-query.ts'
import { answer } from '../answer.ts'
import type { AcceptOptions, NewBuild } from '../build-record.ts'
import type { Context } from '../context.ts'
import { openCallback, sealed } from './keep-told.ts'

/** As keepTold, for a batch; a retry tells whom the batch told that it retries. */
export async function keepBatchTold(
  context: Context,
  tenant: string,
  id: string | undefined,
  batch: AcceptOptions['batch'],
): Promise<string> {
  const callback = batch?.callback ?? (await batchToldBefore(context, tenant, batch?.retryOf))
  return batchTold(context, id, callback)
}

export function batchTold(
  context: Context,
  id: string | undefined,
  callback: BatchCallback | undefined,
): string {
  if (id === undefined || !callback) return ''
  const { url, secret, events = BATCH_CALLBACK_EVENTS } = callback
  const tells = events.join(' ')
  const { shown, query } = partAddress(url)
  return JSON.stringify({ callback: shown, tells, ...sealed(context, id, secret, query) })
}

/** Builds that are made for a batch later than it was accepted tell its callback, too. */
export async function withBatchCallback(
  context: Context,
  tenant: string,
  batch: string | undefined,
  builds: NewBuild[],
): Promise<NewBuild[]> {
  const callback = await batchToldBefore(context, tenant, batch)
  if (!callback?.events?.includes('build.finished')) return builds
  const { url, secret } = callback
  return builds.map((build) =>
    build.request.callback
      ? build
      : { ...build, request: { ...build.request, callback: { url } }, callbackSecret: secret },
  )
}

/** What a batch tells whom; undefined where it tells nobody. */
export async function batchToldBefore(
  context: Context,
  tenant: string,
  id: string | undefined,
): Promise<BatchCallback | undefined> {
  if (id === undefined) return undefined
  const { redis, keys } = context
  const names = ['tenant', 'callback', 'callbackSecret', 'tells'] as const
  const [owner, shown, sealedSecret, tells] = await answer(redis.hmget(keys.batch(id), ...names))
  if (owner !== tenant || !shown || !sealedSecret) return undefined
  const events = BATCH_CALLBACK_EVENTS.filter((event) => tells?.includes(event))
  const { secret, query } = openCallback(context, id, sealedSecret)
  return { url: wholeAddress(shown, query), secret, events }
}
