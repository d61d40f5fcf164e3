import { createHash, timingSafeEqual } from 'node:crypto'
import type { ApiKeys, KnownKey } from '@packline/records'
import { failed } from '@packline/shared'
import type { Request, RequestHandler } from 'express'
import { requestFailures } from './texts/requests.ts'

/** Who asks. */
export interface Caller extends KnownKey {
  /**
   * `made` ones end and are revoked; those of the `environment` go with a restart only. The
   * `operator`'s belongs to no tenant, and is taken where all of them are shown.
   */
  kind: 'made' | 'environment' | 'operator'
}

/** Set on every request behind a key. */
declare module 'express-serve-static-core' {
  interface Locals {
    tenant: string
    caller: Caller
  }
}

export type KeyRing = (key: string) => Promise<Caller | undefined>

/**
 * Finds whose a key is: of those of the environment by digests of equal length, every one compared;
 * else of those that were made. An expired one is found.
 */
export function keyRing(keys: ReadonlyMap<string, string>, made: Pick<ApiKeys, 'find'>): KeyRing {
  const known = [...keys].map(([key, tenant]) => ({ digest: digestOf(key), tenant }))
  return async (key) => {
    const digest = digestOf(key)
    let found: string | undefined
    for (const entry of known) if (timingSafeEqual(entry.digest, digest)) found = entry.tenant
    if (found !== undefined) {
      return { ...fixed('PACKLINE_KEYS', digest), tenant: found, kind: 'environment' }
    }
    const one = await made.find(key)
    return one && { ...one, kind: 'made' }
  }
}

/** Knows the operator's key, too, where there is one. */
export function withOperator(ring: KeyRing, operatorKey: string | undefined): KeyRing {
  if (operatorKey === undefined) return ring
  const known = digestOf(operatorKey)
  return async (key) => {
    const digest = digestOf(key)
    if (!timingSafeEqual(known, digest)) return ring(key)
    return { ...fixed('PACKLINE_OPERATOR_KEY', digest), tenant: '', kind: 'operator' }
  }
}

/** Told from others by the start of its digest, which `packline whoami` shows, too. */
function fixed(name: string, digest: Buffer) {
  return { id: `env_${digest.toString('hex').slice(0, 8)}`, name, scope: 'admin' } as const
}

/** `Authorization: Bearer KEY`; with `basic` also a browser's dialogue, the key as its password. */
export function authenticate(ring: KeyRing, options: { basic?: boolean } = {}): RequestHandler {
  return async (request, response, next) => {
    const key = bearer(request) ?? (options.basic ? basicPassword(request) : undefined)
    const caller = key === undefined ? undefined : await ring(key)
    const { expiresAt } = caller ?? {}
    const isOver = expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()
    if (caller === undefined || isOver) {
      response.set('WWW-Authenticate', options.basic ? 'Basic realm="Packline"' : 'Bearer')
      const unknown = key === undefined ? requestFailures.noKey() : requestFailures.unknownKey()
      const words = isOver ? requestFailures.expiredKey(expiresAt) : unknown
      throw failed('NOT_AUTHENTICATED', words)
    }
    response.locals.tenant = caller.tenant
    response.locals.caller = caller
    next()
  }
}

function bearer(request: Request): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1]
}

function basicPassword(request: Request): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(request.get('authorization') ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  return text.slice(text.indexOf(':') + 1)
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
