import { failed, isAllowed, type Scope } from '@packline/shared'
import type { RequestHandler } from 'express'
import { type Description, scopeByMethod, scopeOf } from '../descriptions/description.ts'
import { requestFailures } from '../texts/requests.ts'
import { byDescription } from './by-description.ts'

/**
 * Refuses with 403 what a key's scope is too little for. By method, described or not; more where
 * the description says so.
 */
export function needScopes(descriptions: readonly Description[]): RequestHandler[] {
  const more = descriptions.flatMap((description) => {
    const needed = scopeOf(description)
    if (needed === undefined || needed === scopeByMethod(description[0])) return []
    return [{ description, handler: need(() => needed) }]
  })
  // First those that need more: who is told what is lacking is told the whole of it.
  return [byDescription(more), need(scopeByMethod)]
}

function need(scopeFor: (method: string) => Scope): RequestHandler {
  return (request, response, next) => {
    const needed = scopeFor(request.method)
    const { scope } = response.locals.caller
    if (isAllowed(scope, needed)) return next()
    throw failed('SCOPE_MISSING', requestFailures.scope(scope, needed))
  }
}

/** What shows more than one tenant is for the operator's key alone. */
export const forOperators: RequestHandler = (_request, response, next) => {
  if (response.locals.caller.kind === 'operator') return next()
  throw failed('SCOPE_MISSING', requestFailures.notOperator())
}
