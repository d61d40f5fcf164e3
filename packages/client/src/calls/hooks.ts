import type {
  DeliveryView,
  HookChanges,
  HookMade,
  HookRequestInput,
  HookView,
  Receipt,
} from '@packline/shared'
import type { Connection } from '../connection.ts'
import { inQuery, type Keyed, type Listed, path, type Query, send } from './asked.ts'

export interface HookCalls {
  /** The only answer that has the secret, and only one that was made. */
  addHook(request: HookRequestInput, options?: Keyed): Promise<HookMade>
  hook(id: string): Promise<HookView>
  hooks(query?: Query): Promise<Listed<HookView>>
  changeHook(id: string, changes: HookChanges): Promise<HookView>
  removeHook(id: string): Promise<{ removed: number }>
  /** The last hundred, newest first. */
  deliveries(id: string): Promise<{ items: DeliveryView[] }>
  deliverAgain(id: string, delivery: string, options?: Keyed): Promise<Receipt>
}

export function hookCalls(server: Connection): HookCalls {
  const one = (id: string) => path`/v1/hooks/${id}`
  return {
    addHook: (request, keyed) => send(server, 'POST', '/v1/hooks', request, keyed),
    hook: (id) => server.json(one(id)),
    hooks: (query) => server.json(`/v1/hooks${inQuery(query)}`),
    changeHook: (id, changes) => send(server, 'PATCH', one(id), changes),
    removeHook: (id) => server.json(one(id), { method: 'DELETE' }),
    deliveries: (id) => server.json(`${one(id)}/deliveries`),
    deliverAgain: (id, delivery, keyed) => {
      const address = path`/v1/hooks/${id}/deliveries/${delivery}/redeliver`
      return send(server, 'POST', address, undefined, keyed)
    },
  }
}
