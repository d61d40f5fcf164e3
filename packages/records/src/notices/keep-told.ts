import { partAddress } from '../address-query.ts'
import { answer } from '../answer.ts'
import type { NewBuild } from '../build-record.ts'
import type { Context } from '../context.ts'

/** Where a callback's secret is kept: it opens for no other build or batch. */
function secretPlace(id: string): string {
  return `callback/${id}`
}

type Told = Pick<NewBuild, 'callbackSecret' | 'status'> & { callbackQuery?: string }

/**
 * What each record keeps of whom to tell, as JSON; '' for nobody. A retry tells whom the build told
 * that it retries. Throws SECRETS_LOCKED where the installation keeps no secrets.
 */
export function keepTold(
  context: Context,
  tenant: string,
  builds: readonly (NewBuild & { id: string })[],
): Promise<string[]> {
  return Promise.all(
    builds.map(async (build) => {
      const earlier = build.retryOf ? await toldBefore(context, tenant, build.retryOf) : {}
      const { callbackSecret, callbackQuery, status } = { ...earlier, ...given(build) }
      const { callback } = build.request
      if (!callback && !status) return ''
      return JSON.stringify({
        tells: [...(callback ? ['callback'] : []), ...(status ? ['commit-status'] : [])].join(' '),
        ...(callback && { callback: partAddress(callback.url).shown }),
        ...(callback && sealed(context, build.id, callbackSecret, callbackQuery)),
        ...(status && { status: JSON.stringify(status) }),
      })
    }),
  )
}

/** A retry's request has the address without its query. */
function given({ callbackSecret, status, request: { callback } }: NewBuild): Told {
  const { query } = partAddress(callback?.url ?? '')
  return {
    ...(callbackSecret && { callbackSecret }),
    ...((callbackSecret || query) && { callbackQuery: query }),
    ...(status && { status }),
  }
}

/** What a record keeps of a secret, and of the address's query; nothing where there is none. */
export function sealed(context: Context, id: string, secret: string | undefined, query = '') {
  if (!secret) return {}
  // The secret has no blank.
  const text = query === '' ? secret : `${secret} ${query}`
  return { callbackSecret: context.seal.close(text, secretPlace(id)) }
}

/** The other way round. Throws SECRETS_LOCKED. */
export function openCallback(
  { seal }: Pick<Context, 'seal'>,
  id: string,
  callbackSecret: string,
): { secret: string; query: string } {
  const text = seal.open(callbackSecret, secretPlace(id))
  const [, secret = '', query = ''] = /^(\S*) ?(.*)$/s.exec(text) ?? []
  return { secret, query }
}

async function toldBefore(context: Context, tenant: string, id: string): Promise<Told> {
  const { redis, keys } = context
  const names = ['tenant', 'callbackSecret', 'status'] as const
  const [owner, secret, status] = await answer(redis.hmget(keys.build(id), ...names))
  if (owner !== tenant) return {}
  const opened = secret ? openCallback(context, id, secret) : undefined
  return {
    ...(opened && { callbackSecret: opened.secret, callbackQuery: opened.query }),
    ...(status && { status: JSON.parse(status) as NewBuild['status'] }),
  }
}
