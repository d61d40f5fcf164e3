import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import type { Snapshot } from './functions.ts'

/** A draft that rests is not packed again for each of its builds. */
const KEPT_SECONDS = 24 * 60 * 60

export async function readSnapshot(
  { redis, keys }: Context,
  tenant: string,
  name: string,
  version: number,
): Promise<Snapshot | undefined> {
  const text = await answer(redis.get(keys.snapshot(tenant, name)))
  const snapshot = text === null ? undefined : (JSON.parse(text) as Snapshot)
  return snapshot?.version === version ? snapshot : undefined
}

export async function keepSnapshot(
  { redis, keys }: Context,
  tenant: string,
  name: string,
  snapshot: Snapshot,
): Promise<void> {
  const text = JSON.stringify(snapshot)
  await answer(redis.set(keys.snapshot(tenant, name), text, 'EX', KEPT_SECONDS))
}
