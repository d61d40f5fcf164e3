import type { RepositoryRead } from '@packline/engine'
import type { ExpansionSpec, ParsedBuildRequest } from '@packline/shared'

/** A request for each function, of this very commit whatever is pushed meanwhile. */
export function requestsOf(
  functions: RepositoryRead['functions'],
  commit: string,
  { source, labels }: ExpansionSpec,
): ParsedBuildRequest[] {
  return functions.map(({ path, shared: _s, touched: _t, overtaken: _o, ...request }) => ({
    ...request,
    ...((labels || request.labels) && { labels: { ...labels, ...request.labels } }),
    source: {
      ...source,
      kind: 'git',
      ref: commit,
      path,
    },
  }))
}
