import type { RegistrySettings } from '@packline/shared'
import { npmSettings } from './npmrc.ts'

interface Access {
  npmRegistryServer?: string
  npmAuthToken?: string
  npmAuthIdent?: string
}

/** What Yarn 2 and later read of an npmrc's settings, which they do not read themselves. */
const CREDENTIALS: Readonly<Record<string, keyof Access>> = {
  _authToken: 'npmAuthToken',
  _auth: 'npmAuthIdent',
}

/**
 * The settings as a .yarnrc.yml (JSON is YAML) for Yarn 2 and later; empty where they say nothing.
 */
export function yarnrcOf({ npm, proxy }: RegistrySettings): string {
  const npmScopes: Record<string, Access> = {}
  const npmRegistries: Record<string, Access> = {}
  const hosts = new Set<string>()
  let npmRegistryServer: string | undefined
  for (const [name, value] of npmSettings(npm)) {
    const [, scope] = /^@([^:]+):registry$/.exec(name) ?? []
    const [, place, setting = ''] = /^(\/\/.+?)\/?:(\w+)$/.exec(name) ?? []
    if (name === 'registry') npmRegistryServer = value
    else if (scope) npmScopes[scope] = { npmRegistryServer: value }
    else if (place && CREDENTIALS[setting]) {
      npmRegistries[place] = { [CREDENTIALS[setting]]: value }
    }
    const address = URL.parse(value)
    if (address?.protocol === 'http:') hosts.add(address.hostname)
  }
  const said = {
    npmRegistryServer,
    npmScopes: orNothing(npmScopes),
    npmRegistries: orNothing(npmRegistries),
    // An operator who names an address without encryption means it.
    unsafeHttpWhitelist: hosts.size > 0 ? [...hosts] : undefined,
    httpProxy: proxy?.http,
    httpsProxy: proxy?.https,
  }
  const text = JSON.stringify(said)
  return text === '{}' ? '' : `${text}\n`
}

function orNothing<T extends object>(record: T): T | undefined {
  return Object.keys(record).length > 0 ? record : undefined
}
