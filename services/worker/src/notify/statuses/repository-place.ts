import { PacklineError } from '@packline/shared'

/** Where a repository lies, from the address that git is given. */
export interface RepositoryPlace {
  /** With the port of an http(s) address. */
  host: string
  /** Without the leading slash and `.git`: `owner/name`, and more parts in GitLab's groups. */
  path: string
}

/** Throws NOT_FOUND for what names no repository of a server. */
export function repositoryPlace(address: string): RepositoryPlace {
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)([^\s]+)$/.exec(address)
  const url = short ? undefined : URL.parse(address)
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  const host = short?.[1] ?? (isWeb ? url?.host : url?.hostname) ?? ''
  const path = plainPath(short?.[2] ?? decoded(url?.pathname ?? ''))
  if (host !== '' && /^[^/]+(\/[^/]+)+$/.test(path)) return { host, path }
  throw new PacklineError('NOT_FOUND', 'The address names no repository of a server')
}

/** Each part as it stands in an API's path. */
export function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

function plainPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, '').replace(/\/?\.git$/, '')
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // An address that git takes need not be well encoded; then it means what it says.
    return path
  }
}
