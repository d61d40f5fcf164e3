import type { RegistrySettings } from '@packline/shared'
import { proxyParts } from './maven-settings.ts'

type Proxy = NonNullable<RegistrySettings['proxy']>

/**
 * The proxies of a settings.xml that was given, as the worker itself takes them; undefined where it
 * names none. As Maven has it, the first active one of a protocol counts, and that for http where
 * none is named for https.
 */
export function proxiesIn(text: string): Proxy | undefined {
  const active = [...withoutComments(text).matchAll(/<proxy>([\s\S]*?)<\/proxy>/g)]
    .map(([, inside = '']) => inside)
    .filter((inside) => textOf(inside, 'active') !== 'false')
  const of = (protocol: string) =>
    active.find((one) => (textOf(one, 'protocol') ?? 'http').toLowerCase() === protocol)
  const [http, https] = [of('http'), of('https') ?? of('http')]
  const direct = https && textOf(https, 'nonProxyHosts')
  if (!https) return undefined
  return {
    https: addressOf(https),
    ...(http ? { http: addressOf(http) } : {}),
    // Java writes `a|*.b`, others `a,.b`.
    ...(direct ? { no: direct.split('|').map(bare).join(',') } : {}),
  }
}

/** The settings with other proxies in place of their own. */
export function withProxies(text: string, proxy: Proxy): string {
  const bared = withoutComments(text).replace(/<proxies>[\s\S]*?<\/proxies>|<proxies\s*\/>/g, '')
  return bared.replace(/<settings\b[^>]*>/, (start) => `${start}${proxyParts(proxy).join('')}`)
}

function withoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, '')
}

function addressOf(inside: string): string {
  const of = (name: string) => textOf(inside, name) ?? ''
  const user = [of('username'), of('password')].map(encodeURIComponent).join(':')
  return `http://${user === ':' ? '' : `${user}@`}${of('host')}:${of('port') || '8080'}`
}

function bare(pattern: string): string {
  return pattern.trim().replace(/^\*\./, '.')
}

function textOf(inside: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(inside)?.[1]
  return found
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}
