import type { RegistrySettings } from '@packline/shared'

/** The settings as an npmrc; empty where they say nothing. */
export function npmrcOf(settings: RegistrySettings['npm']): string {
  // npm reads a value in double quotes as JSON.
  return npmSettings(settings)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join('')
}

/** Names and values as an npmrc has them. */
export function npmSettings(settings: RegistrySettings['npm']): [string, string][] {
  const { registry, config } = settings ?? {}
  return Object.entries({ ...(registry ? { registry } : {}), ...config }).flatMap(
    ([name, value]): [string, string][] =>
      name.endsWith('registry') ? apart(name, value) : [[name, value]],
  )
}

/** npm takes no notice of a user and password in an address: they get a line of their own. */
function apart(name: string, address: string): [string, string][] {
  const url = URL.parse(address)
  if (!url || (url.username === '' && url.password === '')) return [[name, address]]
  const pair = [url.username, url.password].map(decodeURIComponent).join(':')
  url.username = ''
  url.password = ''
  // For all below its path.
  const place = `//${url.host}${url.pathname.replace(/\/?$/, '/')}`
  return [
    [name, url.href],
    [`${place}:_auth`, Buffer.from(pair).toString('base64')],
  ]
}
