import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { RegistrySettings } from '@packline/shared'
import type { Environment } from './environment.ts'

const CA_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
]

/**
 * What this machine's variables and settings files say about mirrors, proxies and authorities, for
 * all tools at once. Files are read, no tool is run; a missing or unreadable file says nothing.
 */
export async function registrySettings(
  environment: Environment,
  systemFolder = '/etc',
): Promise<RegistrySettings> {
  const home = environment.HOME ?? '/nonexistent'
  const [npmrc, pipConf, goEnv] = await Promise.all([
    readSettings([path.join(home, '.npmrc'), path.join(systemFolder, 'npmrc')]),
    readSettings([
      path.join(home, '.config/pip/pip.conf'),
      path.join(home, '.pip/pip.conf'),
      path.join(systemFolder, 'pip.conf'),
    ]),
    readSettings([
      path.join(home, '.config/go/env'),
      path.join(home, 'Library/Preferences/go/env'),
    ]),
  ])
  const mavenSettings = path.join(home, '.m2', 'settings.xml')
  const ca = await firstReadable([
    ...CA_VARIABLES.map((name) => environment[name]),
    npmrc.cafile,
    pipConf.cert,
  ])
  return withoutEmpty({
    ca,
    proxy: {
      https: variable(environment, 'HTTPS_PROXY') ?? npmrc['https-proxy'],
      http: variable(environment, 'HTTP_PROXY') ?? npmrc.proxy,
      no: variable(environment, 'NO_PROXY') ?? npmrc.noproxy,
    },
    npm: { registry: variable(environment, 'NPM_CONFIG_REGISTRY') ?? npmrc.registry },
    pip: {
      indexUrl: environment.PIP_INDEX_URL ?? environment.UV_DEFAULT_INDEX ?? pipConf['index-url'],
      findLinks: environment.PIP_FIND_LINKS ?? environment.UV_FIND_LINKS ?? pipConf['find-links'],
    },
    maven: { settings: await firstReadable([mavenSettings]) },
    go: {
      proxy: environment.GOPROXY ?? goEnv.GOPROXY,
      sumdb: environment.GOSUMDB ?? goEnv.GOSUMDB,
    },
  })
}

/** The settings for people, one line each and without credentials; empty when all is default. */
export function describeRegistries(settings: RegistrySettings): string[] {
  const parts = Object.entries(settings).flatMap(([tool, value]) => {
    if (typeof value === 'string') return [`${tool} ${value}`]
    const words = Object.entries(value ?? {}).map(([name, text]) => `${name} ${hideSecrets(text)}`)
    return words.length > 0 ? [`${tool}: ${words.join(', ')}`] : []
  })
  return parts
}

/** Cuts user and password out of every address of a text, such as GOPROXY's list of them. */
function hideSecrets(text: string): string {
  return text.replace(/(\w:\/\/)[^/@\s,|]*@/g, '$1***@')
}

/** Proxy variables are written in both cases; curl's rule is that the lower one wins. */
function variable(environment: Environment, name: string): string | undefined {
  return environment[name.toLowerCase()] || environment[name] || undefined
}

/** `name = value` lines of the files that are there; the first file that names one wins. */
async function readSettings(files: string[]): Promise<Record<string, string>> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  const pairs = texts.flatMap((text) =>
    [...text.matchAll(/^\s*([\w.-]+)\s*=\s*(.+?)\s*$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )
  return Object.fromEntries(pairs.reverse())
}

async function firstReadable(files: (string | undefined)[]): Promise<string | undefined> {
  for (const file of files) {
    const text = file && (await readFile(file).catch(() => undefined))
    if (text) return path.resolve(file)
  }
  return undefined
}

/** Absent rather than empty: what is not said is the tool's own default. */
function withoutEmpty(settings: RegistrySettings): RegistrySettings {
  const text = JSON.stringify(settings, (_name, value: unknown) =>
    value && typeof value === 'object' && Object.values(value).every((one) => one === undefined)
      ? undefined
      : value,
  )
  return JSON.parse(text ?? '{}') as RegistrySettings
}
