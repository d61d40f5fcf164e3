import type { BuildRequest } from '@packline/shared'

/** An address as it is shown, and its query with the `?`, which may be what lets in; '': none. */
export function partAddress(address: string): { shown: string; query: string } {
  const [, before = address, query = '', fragment = ''] =
    /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(address) ?? []
  return { shown: `${before}${fragment}`, query: query === '?' ? '' : query }
}

/** The other way round. */
export function wholeAddress(shown: string, query: string): string {
  const [, before = shown, fragment = ''] = /^([^#]*)(#.*)?$/s.exec(shown) ?? []
  return `${before}${query}${fragment}`
}

/** The request without the query of its callback, which is sealed with the callback's secret. */
export function withoutCallbackQuery(request: BuildRequest): BuildRequest {
  const { callback } = request
  if (!callback) return request
  return { ...request, callback: { ...callback, url: partAddress(callback.url).shown } }
}

/** What of a query no tool may tell: the whole, and each value that is long enough for a secret. */
export function secretsOfQuery(query: string): string[] {
  if (query === '') return []
  // Shorter values, such as a version, stand in what any tool prints.
  const values = [...new URLSearchParams(query).values()].filter(({ length }) => length >= 12)
  return [query, ...values]
}
