import { craftZip } from '../../../packages/archive/src/test/craft-zip.ts'
import { pathOf, placesOf, type Route } from './failure-case.ts'
import type { Ground } from './ground.ts'

export const NOTHING = { name: 'nothing-here', revision: '7', number: '7', runtime: 'nodejs' }

/** In the right form, of things that are there. */
export function askedRightly(route: Route, ground: Ground): { path: string; init: RequestInit } {
  const { particulars, name, template } = route
  const { body, bytes, upload, example } = particulars
  const zip = new Uint8Array(craftZip([{ name: 'a', content: 'x' }]))
  const sent = upload || bytes ? zip : body && JSON.stringify(example.body)
  const path = name === 'PUT /v1/credentials/{name}' ? NOTHING : placesOf(route, ground)
  const places: Record<string, string> = { ...path }
  if (template.endsWith('/files/{path}')) places.path = 'fresh.js'
  return { path: pathOf(route, places), init: { body: sent } }
}
