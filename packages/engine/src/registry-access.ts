import { isAbsolute } from 'node:path'
import type { RegistrySettings } from '@packline/shared'
import type { RegistryAccess } from './context.ts'

const CA = '/packline/ca.pem'
const MAVEN_SETTINGS = '/packline/maven-settings.xml'

/** The worker's one configuration of mirrors, proxies and CAs, as each tool wants to be told. */
export function registryAccess(settings: RegistrySettings): RegistryAccess {
  const { ca, proxy, npm, pip, maven, go } = settings
  // A folder of wheels is on the worker's disk; an address is not.
  const wheelFolders = (pip?.findLinks ?? '').split(' ').filter(isAbsolute)
  return {
    env: withoutUndefined({
      NODE_EXTRA_CA_CERTS: ca && CA,
      SSL_CERT_FILE: ca && CA,
      REQUESTS_CA_BUNDLE: ca && CA,
      PIP_CERT: ca && CA,
      GIT_SSL_CAINFO: ca && CA,
      HTTPS_PROXY: proxy?.https,
      HTTP_PROXY: proxy?.http,
      NO_PROXY: proxy?.no,
      npm_config_registry: npm?.registry,
      PIP_INDEX_URL: pip?.indexUrl,
      UV_DEFAULT_INDEX: pip?.indexUrl,
      PIP_FIND_LINKS: pip?.findLinks,
      UV_FIND_LINKS: pip?.findLinks?.replaceAll(' ', ','),
      PACKLINE_MAVEN_SETTINGS: maven?.settings && MAVEN_SETTINGS,
      GOPROXY: go?.proxy,
      GOSUMDB: go?.sumdb,
    }),
    binds: [
      ...(ca ? [{ from: ca, to: CA }] : []),
      ...(maven?.settings ? [{ from: maven.settings, to: MAVEN_SETTINGS }] : []),
      ...wheelFolders.map((folder) => ({ from: folder, to: folder })),
    ],
  }
}

function withoutUndefined(values: Record<string, string | undefined>): Record<string, string> {
  const pairs = Object.entries(values)
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined))
}
