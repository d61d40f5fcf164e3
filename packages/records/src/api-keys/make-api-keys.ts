import type { Context } from '../context.ts'
import type { ApiKeys } from './api-keys.ts'
import { makeKeyFinder } from './find-key.ts'
import { makeKeyHolder } from './hold-keys.ts'
import { createKey, listKeys, revokeKey } from './keep-key.ts'

export function makeApiKeys(context: Context): ApiKeys {
  return {
    create: (tenant, request, by, idempotency) =>
      createKey(context, tenant, { request, by, idempotency }),
    list: (tenant, page = {}) => listKeys(context, tenant, page),
    revoke: (tenant, id) => revokeKey(context, tenant, id),
    find: makeKeyFinder(context),
    hold: makeKeyHolder(context),
  }
}
