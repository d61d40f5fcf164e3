import type { RegistryHost, RegistrySettings } from '@packline/shared'
import type { Reach } from '../process/command.ts'
import type { Tool } from '../tools/tools.ts'

/** A tool by its name, and the registries that it asks where nobody names others. */
export type Asking = Pick<Tool, 'name' | 'asks'>

/** What says where a tool asks; `mavenSettings`: the text of the settings file that was given. */
export interface Configured {
  settings: RegistrySettings
  hosts: readonly RegistryHost[]
  mavenSettings?: string
}

/**
 * Every server that a stage of the tool may connect to: the registries that the operator
 * configured, the tool's own where he configured none in their place, and those that he allows
 * beside them. They may lie inside: all but what is only found by a registry's answers was named
 * by the operator or by the tool that he installed.
 */
export function reachOf({ name, asks = [] }: Asking, configured: Configured): Reach[] {
  const { settings, hosts } = configured
  const registries = BY_TOOL[name]?.(asks, settings, configured.mavenSettings)
  if (!registries) return []
  const all = [...registries.flatMap(serverOf), ...hosts.map(trusted), ...(LED_TO[name] ?? [])]
  const different = new Map(all.map((one) => [`${one.host}:${one.port}`, one]))
  return [...different.values()]
}

/** Addresses of registries, or host names that stand for https. */
type Registries = (
  asks: readonly string[],
  settings: RegistrySettings,
  mavenSettings: string | undefined,
) => readonly string[]

const npm: Registries = (asks, { npm: of }) => {
  const scopes = Object.entries(of?.config ?? {}).filter(([name]) => name.endsWith(':registry'))
  return [...(of?.registry ? [of.registry] : asks), ...scopes.map(([, address]) => address)]
}

/** Its lock files name its own registry, whatever is configured. */
const yarn: Registries = (...all) => [...npm(...all), ...all[0]]

const python: Registries = (asks, { pip }) => {
  const { indexUrl, extraIndexUrls = '', findLinks = '' } = pip ?? {}
  return [...(indexUrl ? [indexUrl] : asks), ...words(extraIndexUrls), ...words(findLinks)]
}

/** The last that Go asks by itself is its checksum database. */
const go: Registries = (asks, { go: of }) => {
  const { proxy, sumdb, private: own = '', noproxy = '', insecure = '' } = of ?? {}
  const sums = sumdb === undefined ? asks.slice(-1) : sumsOf(sumdb)
  const proxies = proxy === undefined ? asks.slice(0, -1) : words(proxy)
  // Such modules are fetched from where their paths say.
  const direct = [own, noproxy, insecure].flatMap(words).map((pattern) => pattern.split('/')[0])
  const plain = words(insecure).map((pattern) => `http://${pattern.split('/')[0]}`)
  return [...proxies, ...sums, ...direct.map((host) => `https://${host}`), ...plain]
}

/** "off", a name, a name with a key, or one of these and the address where it is asked. */
function sumsOf(sumdb: string): string[] {
  const [name = '', address] = sumdb.trim().split(/\s+/)
  if (name === 'off') return []
  return [address ?? `https://${name.split('+')[0]}`]
}

const maven: Registries = (asks, { maven: of }, given = '') => {
  const text = given.replace(/<!--[\s\S]*?-->/g, '')
  const named = [...text.matchAll(/<url>\s*([^<]+?)\s*<\/url>/g)].map(([, url = '']) => url)
  const mirrors = [...text.matchAll(/<mirrorOf>\s*([^<]+?)\s*<\/mirrorOf>/g)]
  const isCentral = ([, of = '']: readonly string[]) =>
    /(?:^|[,\s])(?:\*|central|external:\*)/.test(of)
  const own = of?.mirror ? [of.mirror] : mirrors.some(isCentral) ? [] : asks
  return [...own, ...named]
}

/** Plugins have a repository of their own; no setting of the worker's stands in its place. */
const gradle: Registries = (...all) => [...maven(...all), 'https://plugins.gradle.org']

const BY_TOOL: Readonly<Record<string, Registries>> = {
  npm,
  Yarn: yarn,
  pnpm: npm,
  uv: python,
  Python: python,
  Go: go,
  Maven: maven,
  Gradle: gradle,
  'Gradle wrapper': (...all) => [...gradle(...all), 'https://services.gradle.org'],
}

/** Where the registries that a tool asks by itself have their large files. */
const LED_TO: Readonly<Record<string, readonly Reach[]>> = {
  Go: [{ host: 'storage.googleapis.com', port: 443 }],
  Gradle: [{ host: 'plugins-artifacts.gradle.org', port: 443 }],
  'Gradle wrapper': [
    'plugins-artifacts.gradle.org',
    'downloads.gradle.org',
    'github.com',
    'objects.githubusercontent.com',
    'release-assets.githubusercontent.com',
  ].map((host) => ({ host, port: 443 })),
}

function words(list: string): string[] {
  return list.split(/[\s,|]+/).filter((word) => word !== '')
}

/** Not for "direct", "off" and folders; `*.name` stands for all below a name. */
function serverOf(address: string): Reach[] {
  const [, scheme, below = '', rest = ''] =
    /^(https?):\/\/(?:[^/]*@)?(\*\.)?(.*)$/.exec(address) ?? []
  const url = URL.parse(`${scheme}://${rest}`)
  if (!url || url.hostname === '' || url.hostname.includes('*')) return []
  const host = `${below}${url.hostname.replace(/^\[|\]$/g, '')}`
  return [trusted({ host, port: Number(url.port || (scheme === 'http' ? 80 : 443)) })]
}

function trusted({ host, port }: RegistryHost): Reach {
  return { host, port, isTrusted: true }
}
