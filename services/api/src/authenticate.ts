import { createHash, timingSafeEqual } from 'node:crypto'
import { PacklineError } from '@packline/shared'
import type { Request, RequestHandler } from 'express'

/** Who asks; set on every request behind a key. */
declare module 'express-serve-static-core' {
  interface Locals {
    tenant: string
  }
}

export type KeyRing = (key: string) => string | undefined

/** Finds a key's tenant in constant time: digests of equal length, every one compared. */
export function keyRing(keys: ReadonlyMap<string, string>): KeyRing {
  const known = [...keys].map(([key, tenant]) => ({ digest: digestOf(key), tenant }))
  return (key) => {
    const digest = digestOf(key)
    let found: string | undefined
    for (const entry of known) if (timingSafeEqual(entry.digest, digest)) found = entry.tenant
    return found
  }
}

/** `Authorization: Bearer KEY`; with `basic` also a browser's dialogue, the key as its password. */
export function authenticate(ring: KeyRing, options: { basic?: boolean } = {}): RequestHandler {
  return (request, response, next) => {
    const key = bearer(request) ?? (options.basic ? basicPassword(request) : undefined)
    const tenant = key === undefined ? undefined : ring(key)
    if (tenant === undefined) {
      response.set('WWW-Authenticate', options.basic ? 'Basic realm="Packline"' : 'Bearer')
      throw new PacklineError(
        'NOT_AUTHENTICATED',
        key === undefined ? 'The request has no key' : 'The key is not known',
        { hint: 'Send the header "Authorization: Bearer KEY"; npm start prints a key.' },
      )
    }
    response.locals.tenant = tenant
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
