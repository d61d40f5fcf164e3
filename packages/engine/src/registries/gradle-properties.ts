import type { RegistrySettings } from '@packline/shared'
import { directHosts, proxiesOf } from './maven-settings.ts'

/**
 * Proxies as Gradle's user settings have them; undefined where there are none. Mirrors reach it by
 * Maven's settings, which our init script reads; a wrapper reads this before any script runs, to
 * fetch its distribution.
 */
export function gradleProperties(proxy: RegistrySettings['proxy']): string | undefined {
  const direct = directHosts(proxy)
  const properties = proxiesOf(proxy).flatMap(({ protocol, host, port, user, password }) => [
    [`${protocol}.proxyHost`, host],
    [`${protocol}.proxyPort`, port],
    ...(user === '' ? [] : [[`${protocol}.proxyUser`, user]]),
    ...(user === '' ? [] : [[`${protocol}.proxyPassword`, password]]),
    ...(proxy?.no === undefined ? [] : [[`${protocol}.nonProxyHosts`, direct]]),
  ])
  if (properties.length === 0) return undefined
  // Without this the JVM gives no password to a proxy that it goes through to https.
  const all = [...properties, ['jdk.http.auth.tunneling.disabledSchemes', '']]
  return all.map(([name, value = '']) => `systemProp.${name}=${escaped(value)}\n`).join('')
}

/** As java.util.Properties reads it: Latin-1, a backslash before what means something. */
function escaped(value: string): string {
  return value
    .replace(/[\\:=#!]/g, '\\$&')
    .replace(/^ /, '\\ ')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
