import { PacklineError, type RegistrySettings } from '@packline/shared'

type Proxy = RegistrySettings['proxy']

/**
 * A settings.xml for a mirror and for proxies, of whose variables Maven takes no notice; undefined
 * where there is neither. The mirror has the id of what it stands for: what a cache holds from
 * before stays known.
 */
export function mavenSettings(mirror: string | undefined, proxy: Proxy): string | undefined {
  const parts = [...(mirror ? mirrorParts(mirror) : []), ...proxyParts(proxy)]
  if (parts.length === 0) return undefined
  return `<?xml version="1.0" encoding="UTF-8"?>
<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0">
${parts.join('\n')}
</settings>
`
}

/**
 * The proxies for what Maven's plugins ask for by themselves. They hold no credentials: options
 * stand in the list of processes, where everybody reads them.
 */
export function jvmProxyOptions(proxy: Proxy): string[] {
  const options = proxiesOf(proxy).flatMap(({ protocol, host, port }) => {
    return [`-D${protocol}.proxyHost=${host}`, `-D${protocol}.proxyPort=${port}`]
  })
  if (options.length === 0) return []
  // The one property is read for https, too; where it is not set, loopback is reached directly.
  if (proxy?.no === undefined) return options
  return [...options, `-Dhttp.nonProxyHosts=${directHosts(proxy)}`]
}

function mirrorParts(mirror: string): string[] {
  const { address, user, password } = apart(mirror)
  const server = { id: 'central', username: user, password }
  const servers = user === '' ? [] : [list('server', [server])]
  return [...servers, list('mirror', [{ id: 'central', mirrorOf: 'central', url: address }])]
}

/** Elements of a settings.xml; none without proxies. */
export function proxyParts(proxy: Proxy): string[] {
  const direct = directHosts(proxy)
  const proxies = proxiesOf(proxy).map(({ protocol, host, port, user, password }) => ({
    id: protocol,
    active: 'true',
    protocol,
    host,
    port,
    ...(user === '' ? {} : { username: user, password }),
    ...(direct === '' ? {} : { nonProxyHosts: direct }),
  }))
  return proxies.length === 0 ? [] : [list('proxy', proxies, 'proxies')]
}

/** One for each protocol that is asked for. */
export function proxiesOf(proxy: Proxy) {
  return (['https', 'http'] as const).flatMap((protocol) => {
    const address = proxy?.[protocol]
    if (!address) return []
    // Many write host and port alone.
    const { url, user, password } = apart(/^\w+:\/\//.test(address) ? address : `http://${address}`)
    const port = url.port || (url.protocol === 'https:' ? '443' : '80')
    return [{ protocol, host: url.hostname, port, user, password }]
  })
}

/** As Java writes them: "|" between; a name means its subdomains too, as it does to other tools. */
export function directHosts(proxy: Proxy): string {
  const hosts = (proxy?.no ?? '').split(/[\s,]+/).filter((host) => host !== '')
  const patterns = hosts.flatMap((host) => {
    if (host.startsWith('.')) return [`*${host}`]
    return /^[\d.:/[\]]+$|\*/.test(host) ? [host] : [host, `*.${host}`]
  })
  return patterns.join('|')
}

/** The address without its user and password. No message repeats it. */
function apart(address: string) {
  const url = URL.parse(address)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new PacklineError('INVALID_REQUEST', 'The mirror or a proxy for Maven is no address', {
      hint: 'PACKLINE_REGISTRIES has it: expected is such as https://host:port/path.',
    })
  }
  const user = decodeURIComponent(url.username)
  const password = decodeURIComponent(url.password)
  url.username = ''
  url.password = ''
  return { url, address: url.href, user, password }
}

function list(name: string, items: Record<string, string>[], all = `${name}s`): string {
  return `<${all}>${items.map((fields) => element(name, fields)).join('')}</${all}>`
}

function element(name: string, fields: Record<string, string>): string {
  const inside = Object.entries(fields).map(([field, text]) => `<${field}>${xml(text)}</${field}>`)
  return `<${name}>${inside.join('')}</${name}>`
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
