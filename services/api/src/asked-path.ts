import type { Request } from 'express'

/**
 * As the caller knows it, without the query: a router sees only what is behind its own place, and
 * "/" for that place itself.
 */
export function askedPath({ baseUrl, path }: Request): string {
  return baseUrl !== '' && path === '/' ? baseUrl : `${baseUrl}${path}`
}
