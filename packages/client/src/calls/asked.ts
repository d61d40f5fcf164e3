import { PacklineError } from '@packline/shared'
import type { Connection } from '../connection.ts'

/** What a query holds, several times where it is a list; what is undefined is left out. */
export type Query = Record<string, string | number | boolean | readonly string[] | undefined>

/** A page of a list; `next` is the cursor of the one after it. */
export interface Listed<T> {
  items: T[]
  next?: string
}

/** Sent again with the same key, a request is taken in once. */
export interface Keyed {
  idempotencyKey?: string
}

/** A body as JSON, where there is one. */
export function send<T>(
  server: Connection,
  method: 'POST' | 'PUT' | 'PATCH',
  path: string,
  body?: unknown,
  keyed?: Keyed,
): Promise<T> {
  return server.json<T>(path, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...keyHeader(keyed) },
  })
}

export function keyHeader({ idempotencyKey }: Keyed = {}): Record<string, string> {
  return idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
}

/** A path of fixed words and given ones: an id that is none stays within its place. */
export function path(words: TemplateStringsArray, ...given: (string | number)[]): string {
  return String.raw({ raw: words }, ...given.map((one) => inPath(String(one))))
}

function inPath(text: string): string {
  // Whatever reads the address takes these for steps up, and asks for something else.
  if (/^\.{0,2}$/.test(text)) {
    throw new PacklineError('INVALID_REQUEST', `"${text}" is no name, id or part of a path`)
  }
  return encodeURIComponent(text)
}

/** `?name=value&...`, or nothing. */
export function inQuery(query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}
