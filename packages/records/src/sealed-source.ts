import type { BuildRequest, SourceOf } from '@packline/shared'
import { partAddress, secretsOfQuery, wholeAddress } from './address-query.ts'
import type { BuildRecord } from './build-record.ts'
import type { Context } from './context.ts'
import { openCallback } from './notices/keep-told.ts'

/** As a record has it: a retry, which names the same source, takes it along. */
type KeptUrl = SourceOf<'url'> & { sealedQuery?: string }

/** A request as it was asked, and what of it no tool may tell. */
export interface OpenRequest {
  request: BuildRequest
  secrets: string[]
}

/**
 * The query of a source's address may be a signature that lets in whoever has it: it is kept sealed
 * and shown to nobody. Throws SECRETS_LOCKED where the installation keeps no secrets.
 */
export function sealSource({ seal }: Context, tenant: string, request: BuildRequest): BuildRequest {
  const { source } = request
  if (source.kind !== 'url') return request
  const { shown, query } = partAddress(source.url)
  if (query === '') return request
  const kept: KeptUrl = { ...source, url: shown, sealedQuery: seal.close(query, placeOf(tenant)) }
  return { ...request, source: kept }
}

/** For a worker. Throws SECRETS_LOCKED where the key is another one than it was sealed with. */
export function openRequest(context: Context, record: BuildRecord): OpenRequest {
  const { id, tenant, request, sealedCallback } = record
  const callback = sealedCallback ? openCallback(context, id, sealedCallback) : undefined
  const secrets = callback
    ? [callback.secret, callback.secret.replace(/^whsec_/, ''), ...secretsOfQuery(callback.query)]
    : []
  const { source } = request
  if (source.kind !== 'url') return { request, secrets }
  const { sealedQuery, ...rest }: KeptUrl = source
  if (sealedQuery === undefined) return { request, secrets }
  const query = context.seal.open(sealedQuery, placeOf(tenant))
  const opened = { ...rest, url: wholeAddress(rest.url, query) }
  return {
    request: { ...request, source: opened },
    secrets: [...secrets, ...secretsOfQuery(query)],
  }
}

/** What everybody who may see the request is shown of it. */
export function shownRequest(request: BuildRequest): BuildRequest {
  const { source } = request
  if (source.kind !== 'url') return request
  const { sealedQuery: _, ...shown }: KeptUrl = source
  return { ...request, source: shown }
}

function placeOf(tenant: string): string {
  return `source ${tenant}`
}
