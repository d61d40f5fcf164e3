import { failed } from '@packline/shared'
import { goFailures } from '../../texts/failures/go.ts'
import type { Order } from '../runtime.ts'

/**
 * What is made. plugin: `name.so` at the root, `symbol` is looked up in it; executable: `name` at
 * the root; http: `bootstrap` at the root, from the source or the executable itself.
 */
export type Form =
  | { kind: 'plugin'; name: string; symbol: string }
  | { kind: 'executable'; name: string }
  | { kind: 'http' }

/** The handler tells, and build.mode where it is set; throws INVALID_REQUEST for an HTTP plugin. */
export function formOf({ request, handler }: Pick<Order, 'request' | 'handler'>): Form {
  if (request.type === 'http') {
    if (request.build.mode !== 'plugin') return { kind: 'http' }
    throw failed('INVALID_REQUEST', goFailures.httpPlugin())
  }
  if (handler?.form === 'name.Symbol') {
    return { kind: 'plugin', name: handler.name, symbol: handler.symbol }
  }
  if (handler?.form === 'file') return { kind: 'executable', name: handler.file }
  throw failed('HANDLER_FORM', goFailures.noProgram(request.handler))
}

/** The file that the platform looks for at the root. */
export function entryOf(form: Form): string {
  if (form.kind === 'http') return 'bootstrap'
  return form.kind === 'plugin' ? `${form.name}.so` : form.name
}

/** The symbol of the initializer, which stands in the handler's own plugin. */
export function initializerOf({ request }: Pick<Order, 'request'>): string | undefined {
  return request.initializer?.slice(request.initializer.lastIndexOf('.') + 1)
}
