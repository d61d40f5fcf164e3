import {
  type Credential,
  type CredentialKind,
  type CredentialOf,
  type CredentialQuery,
  type CredentialView,
  failed,
  type PacklineError,
} from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { change } from '../lasting/change.ts'
import { conflicts } from '../texts/conflicts.ts'
import { noSuch } from '../texts/no-such.ts'
import { unavailable } from '../texts/unavailable.ts'
import type { Credentials } from './credentials.ts'

const CREDENTIALS_MAX = 200

interface Kept {
  schema: 1
  tenant: string
  view: CredentialView
  /** The whole credential: what it is for can not be changed without its key either. */
  sealed: string
}

/** One hash per tenant, name -> JSON: there are few, and a list reads them all. */
export function makeCredentials(context: Context): Credentials {
  return {
    put: (tenant, name, credential) => putCredential(context, tenant, name, credential),
    list: async (tenant) => {
      const all = await readAll(context, tenant)
      return all.map(({ view }) => view).sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    remove: async (tenant, name) => {
      const removed = await change(context, 'credentials/write', tenant, name, '')
      if (removed === 0) throw noCredential(name)
    },
    open: (tenant, query) => openCredential(context, tenant, query),
  }
}

async function putCredential(
  context: Context,
  tenant: string,
  name: string,
  credential: Credential,
): Promise<CredentialView> {
  const { redis, keys, seal } = context
  const key = keys.credentials(tenant)
  const [isThere, count] = await answer(Promise.all([redis.hexists(key, name), redis.hlen(key)]))
  if (isThere === 0 && count >= CREDENTIALS_MAX) {
    throw failed('CONFLICT', conflicts.tooManyCredentials(count))
  }
  const place = 'store' in credential ? { store: credential.store } : { host: credential.host }
  const writtenAt = new Date().toISOString()
  const view: CredentialView = { name, kind: credential.kind, ...place, writtenAt }
  const sealed = seal.close(JSON.stringify(credential), placeOf(tenant, name))
  const kept: Kept = { schema: 1, tenant, view, sealed }
  await change(context, 'credentials/write', tenant, name, JSON.stringify(kept))
  return view
}

async function openCredential<K extends CredentialKind>(
  context: Context,
  tenant: string,
  wanted: CredentialQuery<K>,
): Promise<CredentialOf<K> | undefined> {
  const query: CredentialQuery = wanted
  const { name } = query
  const all = await readAll(context, tenant)
  const fitting = all
    .filter(({ view }) => isFor(view, query) && (name === undefined || view.name === name))
    .sort((a, b) => (a.view.writtenAt < b.view.writtenAt ? 1 : -1))
  const [kept] = fitting
  if (!kept) {
    if (name === undefined) return undefined
    const place = 'store' in query ? query.store : query.host
    throw noCredential(name, { kind: query.kind, place })
  }
  const text = context.seal.open(kept.sealed, placeOf(tenant, kept.view.name))
  const credential = JSON.parse(text) as Credential
  if (isFor(credential, query)) return credential as CredentialOf<K>
  throw failed('SECRETS_LOCKED', unavailable.tampered(kept.view.name))
}

/** Exact: what is kept for one server is never shown to another. */
function isFor(
  what: { kind: CredentialKind; host?: string; store?: string },
  query: CredentialQuery,
): boolean {
  if (what.kind !== query.kind) return false
  return 'store' in query ? what.store === query.store : what.host === query.host.toLowerCase()
}

async function readAll({ redis, keys }: Context, tenant: string): Promise<Kept[]> {
  const texts = await answer(redis.hvals(keys.credentials(tenant)))
  return texts.map((text) => JSON.parse(text) as Kept)
}

function placeOf(tenant: string, name: string): string {
  return `credential ${tenant} ${name}`
}

function noCredential(name: string, wanted?: { kind: string; place: string }): PacklineError {
  return failed('NOT_FOUND', noSuch.credential(name.slice(0, 64), wanted))
}
