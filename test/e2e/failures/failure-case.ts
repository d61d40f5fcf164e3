import { FAILURES, type FailureCode, type Problem } from '@packline/shared'
import type { Description } from '../../../services/api/src/descriptions/description.ts'
import { DESCRIPTIONS, failuresOf } from '../../../services/api/src/openapi.ts'
import type { TestLine } from '../../harness/line.ts'
import type { Ground } from './ground.ts'

/** What a route is asked with; without a body of the case's own none. */
export interface Asked {
  /** Of the path's parameters those that are not the ground's own. */
  path?: Record<string, string>
  query?: string
  json?: unknown
  bytes?: Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
  /** Asks the API that has no key for secrets. */
  isLocked?: boolean
}

/** One way in which a route fails; `meanwhile` makes it so and answers how to undo that. */
export type FailureCase = readonly [
  route: string,
  code: FailureCode,
  ask: (ground: Ground) => Asked,
  meanwhile?: (ground: Ground) => Promise<() => Promise<unknown>>,
]

export interface Route {
  name: string
  method: string
  template: string
  codes: FailureCode[]
  particulars: Description[3]
}

export const ROUTES: Route[] = DESCRIPTIONS.map((description) => {
  const [method, template, , particulars] = description
  const verb = method.toUpperCase()
  const codes = failuresOf(description)
  return { name: `${verb} ${template}`, method: verb, template, codes, particulars }
})

export function having(code: FailureCode): Route[] {
  return ROUTES.filter(({ codes }) => codes.includes(code))
}

export function routeNamed(name: string): Route {
  const found = ROUTES.find((route) => route.name === name)
  if (found) return found
  throw new Error(`${name} is not described`)
}

/** Queries without which a route is not asked in the right form. */
export const QUERIES: Record<string, string> = {
  'GET /v1/functions/{name}/packages/diff': '?from=1&to=1',
}

export function pathOf({ template, name }: Route, values: Record<string, string>): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, parameter: string) => {
    return values[parameter] ?? 'nothing-here'
  })
  return `${filled}${QUERIES[name] ?? ''}`
}

/** Things that are there. */
export function placesOf({ template }: Route, ground: Ground): Record<string, string> {
  const name = template.startsWith('/v1/dependencies') ? 'libs' : 'fn'
  const rest = { name, number: '1', revision: '1', alias: 'stable', path: 'index.js' }
  const { build, failed, hook, made, ping } = ground
  const [, kind = ''] = template.replace('/v1', '').split('/')
  const ids: Record<string, string> = {
    builds: build,
    batches: failed.batch,
    hooks: hook.id,
    keys: made.read.id,
  }
  return { ...rest, runtime: 'nodejs', id: ids[kind] ?? '', delivery: ping, notice: 'x' }
}

const met = new Set<string>()

/** Which failures of which routes have been brought about. */
export function isMet(route: string, code: FailureCode): boolean {
  return met.has(`${route} ${code}`)
}

/** A stack, a path of the machine, a name of our own code: nobody outside is helped by them. */
const INSIDE =
  /\bat (?:async )?[\w.<>]+ \(|\bat \/(?!v1)|\/(?:root|home|tmp|usr|var|work|app)\/|node_modules|node:|\.ts\b|file:\/\/|(?:Type|Reference|Syntax|Reply)Error|evalsha|ECONN|\b127\.0\.0\.1\b/

/** Asks, and notes how it failed; an answer that is not described is an error of `fetch`. */
export async function failureOf(
  route: Route,
  line: Pick<TestLine, 'fetch'>,
  path: string,
  init: RequestInit = {},
): Promise<[status: number, code: string]> {
  const response = await line.fetch(path, { method: route.method, ...init })
  const text = await response.text()
  const inside = INSIDE.exec(text)?.[0]
  if (inside !== undefined) throw new Error(`${route.name} tells of itself: ${inside} in ${text}`)
  const { code = text.slice(0, 200) } = response.ok ? {} : (JSON.parse(text) as Partial<Problem>)
  met.add(`${route.name} ${code}`)
  return [response.status, code]
}

export function expected(code: FailureCode): [status: number, code: string] {
  return [FAILURES[code].status, code]
}

/** As a case has it. */
export async function failureOfCase([name, , ask]: FailureCase, ground: Ground) {
  const route = routeNamed(name)
  const { path, query = '', json, bytes, headers, isLocked } = ask(ground)
  const place = pathOf(route, { ...placesOf(route, ground), ...path })
  const body = bytes ?? (json === undefined ? undefined : JSON.stringify(json))
  const line = isLocked ? ground.locked : ground.line
  return failureOf(route, line, `${place}${query}`, { body, headers })
}
