import { followQuery, parse } from '@packline/shared'
import type { RequestHandler } from 'express'
import * as z from 'zod'
import type { Description, Particulars } from './descriptions/description.ts'

/** What a path's query may hold; streams of events can be resumed by it. */
export function queryOf({ query, events }: Particulars): z.ZodObject | undefined {
  return query ?? (events ? followQuery : undefined)
}

/**
 * A misspelt filter would answer what nobody asked for, and a misspelt option do what nobody
 * wanted: names that a path's description does not have are INVALID_REQUEST.
 */
export function refuseUnknownQuery(descriptions: readonly Description[]): RequestHandler {
  // `/packages/diff` before `/packages/{number}`.
  const known = descriptions.map(toKnown).sort((one, other) => one.blanks - other.blanks)
  return (request, _response, next) => {
    if (request.originalUrl.includes('?')) {
      const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase()
      const path = request.baseUrl + request.path
      const found = known.find((one) => one.method === method && one.pattern.test(path))
      if (found) parse(found.names, request.query, 'the query')
    }
    next()
  }
}

function toKnown([method, path, , particulars]: Description) {
  const names = Object.keys(queryOf(particulars)?.shape ?? {})
  const pattern = path.replace('{path}', '.+').replace(/\{\w+\}/g, '[^/]+')
  return {
    method,
    pattern: new RegExp(`^${pattern}/?$`, 'i'),
    blanks: path.split('{').length,
    names: z.strictObject(Object.fromEntries(names.map((name) => [name, z.any().optional()]))),
  }
}
