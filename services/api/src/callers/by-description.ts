import { type RequestHandler, Router } from 'express'
import type { Description } from '../descriptions/description.ts'

/**
 * What is done before the routes of some descriptions, for whatever Express would take for them:
 * other letters, a slash more at the end, HEAD for GET. Mounted at /v1.
 */
export function byDescription(
  rows: readonly { description: Description; handler: RequestHandler }[],
): RequestHandler {
  const router = Router()
  for (const { description, handler } of rows) {
    const [method, path] = description
    router[method](inExpress(path), handler)
  }
  return (request, response, next) => router(request, response, next)
}

function inExpress(path: string): string {
  return path
    .replace(/^\/v1/, '')
    .replace('{path}', '*path')
    .replace(/\{(\w+)\}/g, ':$1')
}
