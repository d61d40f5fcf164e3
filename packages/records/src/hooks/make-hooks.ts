import type { Context } from '../context.ts'
import type { Hooks } from './hooks.ts'
import { createHook, listHooks, removeHook, updateHook } from './keep-hook.ts'
import { accessOf, openHook, readHook, statusTargetOf } from './read-hook.ts'
import { listDeliveries, receiveDelivery, redeliver } from './receive-delivery.ts'

export function makeHooks(context: Context): Hooks {
  return {
    create: (tenant, request, idempotency) => createHook(context, tenant, request, idempotency),
    list: (tenant, page = {}) => listHooks(context, tenant, page),
    get: (tenant, id) => readHook(context, tenant, id),
    update: (tenant, id, changes) => updateHook(context, tenant, id, changes),
    remove: (tenant, id) => removeHook(context, tenant, id),
    open: (id) => openHook(context, id),
    accessOf: (tenant, id) => accessOf(context, tenant, id),
    statusTarget: (tenant, id, commit) => statusTargetOf(context, tenant, id, commit),
    receive: (hook, delivery) => receiveDelivery(context, hook, delivery),
    deliveries: (tenant, id) => listDeliveries(context, tenant, id),
    redeliver: (tenant, id, delivery) => redeliver(context, tenant, id, delivery),
  }
}
