import { failed } from '@packline/shared'
import { answer } from './answer.ts'
import type { AcceptOptions, AcceptResult } from './build-record.ts'
import type { Context } from './context.ts'
import { conflicts } from './texts/conflicts.ts'

/** How long a key's answer is kept. */
const ANSWER_SECONDS = 24 * 60 * 60

type Idempotency = AcceptOptions['idempotency']

/** Only looks; `accept` decides, since another request with the same key may come first. */
export async function checkIdempotency(
  { redis, keys, seal }: Context,
  tenant: string,
  idempotency: Idempotency,
): Promise<AcceptResult | undefined> {
  if (!idempotency) return undefined
  const name = keys.idempotency(tenant, idempotency.key)
  const stored = await answer(redis.get(name))
  if (stored === null) return undefined
  const { sealed, ids = [], ...earlier } = replay<Kept>(stored, idempotency)
  if (sealed === undefined) return { ...earlier, ids }
  return { ...earlier, ids, answer: JSON.parse(seal.open(sealed, name)) }
}

/** `sealed` in place of `answer`, where that holds a secret; an expansion has no ids yet. */
type Kept = Partial<Omit<AcceptResult, 'replayed'>> & { sealed?: string }

/** What the same request with the same key was answered. Throws IDEMPOTENCY_MISMATCH. */
export function replay<T extends object = Omit<AcceptResult, 'replayed'>>(
  stored: string,
  asked: Idempotency,
): T & { replayed: boolean } {
  const { fingerprint, ...earlier } = JSON.parse(stored) as T & { fingerprint: string }
  if (fingerprint === asked?.fingerprint) return { ...(earlier as unknown as T), replayed: true }
  throw failed('IDEMPOTENCY_MISMATCH', conflicts.keyMismatch())
}

/** The key, what is answered when it comes again, and how long it counts. */
export function idempotencyArguments(
  { keys }: Context,
  { tenant, idempotency }: Pick<AcceptOptions, 'tenant' | 'idempotency'>,
  accepted: object,
): (string | number)[] {
  if (!idempotency) return ['', '', ANSWER_SECONDS]
  const { key, fingerprint } = idempotency
  const kept = JSON.stringify({ fingerprint, ...accepted })
  return [keys.idempotency(tenant, key), kept, ANSWER_SECONDS]
}

/** Where no build is accepted: what later requests with the same key are answered. */
export async function keepAnswer(
  { redis, keys }: Context,
  tenant: string,
  { key, fingerprint }: NonNullable<Idempotency>,
  given: unknown,
): Promise<void> {
  const stored = JSON.stringify({ fingerprint, answer: given })
  const name = keys.idempotency(tenant, key)
  await answer(redis.set(name, stored, 'EX', ANSWER_SECONDS, 'NX'))
}

/**
 * The same for an answer with a secret, as a script takes it, which writes it together with what
 * was made: neither is ever there alone.
 */
export function sealedArguments(
  { keys, seal }: Context,
  tenant: string,
  idempotency: Idempotency,
  given: object,
): (string | number)[] {
  if (!idempotency) return []
  const { key, fingerprint } = idempotency
  const name = keys.idempotency(tenant, key)
  const kept: Kept = { sealed: seal.close(JSON.stringify(given), name) }
  return [name, JSON.stringify({ fingerprint, ...kept }), ANSWER_SECONDS]
}
