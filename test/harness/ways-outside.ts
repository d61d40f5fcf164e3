import { makeOutbound } from '@packline/outbound'
import { loadProfile } from '@packline/profiles'
import {
  type BuildView,
  type CallbackEvent,
  callbackSchema,
  commitStatusSchema,
  sourceSchema,
  toFailure,
} from '@packline/shared'
import type { BuildContext } from '../../packages/engine/src/context.ts'
import { findIsolation } from '../../packages/engine/src/process/sandbox.ts'
import { findTools } from '../../packages/engine/src/tools/tools.ts'
import { sendCallback } from '../../services/worker/src/notify/send-callback.ts'
import { sendStatus } from '../../services/worker/src/notify/send-status.ts'
import { fetchedBy } from './fetch-source.ts'

/** What the operator allows; nothing, if a test does not say otherwise. */
export interface Allowed {
  allow?: readonly string[]
  plainHttpHosts?: readonly string[]
  openCredential?: BuildContext['openCredential']
  registries?: BuildContext['registries']
  /** Of the object store, in place of one that is never asked. */
  endpoint?: string
  /** Addresses of git are not judged before git starts: the connection is left to do it. */
  isLate?: boolean
}

/** What the other side said, or the code of the refusal. */
export type Way = (address: string, allowed?: Allowed) => Promise<string>

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const BUILD = { id: 'b1', function: 'hello', state: 'queued' } as BuildView
const STORE = {
  name: 'objects',
  endpoint: 'https://objects.example',
  region: 'any',
  buckets: ['bucket'],
  accessKeyId: 'key',
  secretAccessKey: 'canary-secret',
  pathStyle: true,
}

/** The five ways to what a caller names; each first reads it as the API does. */
export const WAYS = {
  url: (url, allowed) => fetch({ kind: 'url', url, sha256: null }, allowed),
  object: (address, allowed) => fetch({ kind: 'object', address }, allowed),
  git: (url, allowed) => fetch({ kind: 'git', url, ref: 'main' }, allowed),
  callback: (address, allowed) =>
    told(async () => {
      const { url } = callbackSchema.parse({ url: address, secret: SECRET })
      const event = {} as CallbackEvent
      const open = () => ({ url, secret: SECRET })
      const telling = { kind: 'callback', url, open, event } as const
      return sendCallback({ id: 'b1-callback' }, telling, around(allowed))
    }),
  'commit status': (api, allowed) =>
    told(async () => {
      const access = commitStatusSchema.parse({ provider: 'github', api, token: 'canary-token' })
      const repository = 'https://git.example/acme/functions.git'
      const target = { hook: 'h', provider: 'github', repository, commit: 'a'.repeat(40) } as const
      return sendStatus({ kind: 'commit-status', target, of: BUILD }, access, around(allowed))
    }),
} satisfies Record<string, Way>

function around({ allow = [] }: Allowed = {}) {
  return { outbound: makeOutbound({ allow }), signal: AbortSignal.timeout(10_000) }
}

async function told(send: () => Promise<{ status: number }>): Promise<string> {
  try {
    return `answered ${(await send()).status}`
  } catch (error) {
    return codeOf(error)
  }
}

const profile = loadProfile('ctyun-functiongraph')
const isolation = findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
const tools = findTools({ path: process.env.PATH ?? '', home: '/' })

async function fetch(spec: object, allowed: Allowed = {}): Promise<string> {
  const { outbound } = around(allowed)
  try {
    const source = sourceSchema.parse(spec)
    const context = {
      outbound: allowed.isLate ? { ...outbound, check: () => undefined } : outbound,
      profile: { ...(await profile), region: STORE.region },
      isolation: await isolation,
      tools: await tools,
      plainHttpHosts: allowed.plainHttpHosts ?? [],
      objectStores: [{ ...STORE, ...(allowed.endpoint && { endpoint: allowed.endpoint }) }],
      openCredential: allowed.openCredential ?? (async () => undefined),
      allowLocalGit: false,
      mirrorsBytesMax: 0,
      ...(allowed.registries && { registries: allowed.registries }),
    } as unknown as Partial<BuildContext>
    return await fetchedBy(source, context, async () => 'fetched')
  } catch (error) {
    return codeOf(error)
  }
}

/** A schema's refusal is the API's INVALID_REQUEST. */
function codeOf(error: unknown): string {
  const isSchema = error instanceof Error && error.name === '$ZodError'
  return isSchema || (error as Error).constructor.name === 'ZodError'
    ? 'INVALID_REQUEST'
    : toFailure(error).code
}
