import path from 'node:path'
import { NPM_REGISTRY_SETTING, type RegistrySettings } from '@packline/shared'
import type { Environment } from './environment.ts'
import { firstHolding, readSettings } from './settings-files.ts'

/** Files that take the place of the public authorities before the one that comes beside them. */
const CA_VARIABLES = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'npm_config_cafile',
  'NODE_EXTRA_CA_CERTS',
]

interface Files {
  npmrc: Record<string, string>
  pip: Record<string, string>
  go: Record<string, string>
}

/**
 * What this machine's variables and settings files say about mirrors, proxies and authorities, for
 * all tools at once. Files are read, no tool is run; a missing or unreadable file says nothing.
 * `root`: where the system's own files are below.
 */
export async function registrySettings(
  environment: Environment,
  root = '/',
): Promise<RegistrySettings> {
  const home = environment.HOME ?? '/nonexistent'
  const files = await readFiles(environment, home, root)
  const { npmrc, pip, go } = files
  const [ca, mavenFile] = await Promise.all([
    firstHolding('-----BEGIN CERTIFICATE-----', [
      ...CA_VARIABLES.map((name) => environment[name]),
      npmrc.cafile,
      pip.cert,
    ]),
    firstHolding('<settings', [path.join(home, '.m2', 'settings.xml')]),
  ])
  const ofGo = (name: string) => environment[name] ?? go[name]
  return withoutEmpty({
    ca,
    proxy: proxies(environment, files),
    npm: npm(environment, npmrc),
    pip: python(environment, pip),
    // The system's own settings stand beside Maven, which the sandbox shows.
    maven: { settings: mavenFile },
    go: {
      proxy: ofGo('GOPROXY'),
      sumdb: ofGo('GOSUMDB'),
      private: ofGo('GOPRIVATE'),
      noproxy: ofGo('GONOPROXY'),
      nosumdb: ofGo('GONOSUMDB'),
      insecure: ofGo('GOINSECURE'),
    },
  })
}

/** In the order of each tool: the user's own before the system's. */
async function readFiles(environment: Environment, home: string, root: string): Promise<Files> {
  const configHome = environment.XDG_CONFIG_HOME ?? path.join(home, '.config')
  const ofSystem = (...names: string[]) => names.map((name) => path.join(root, name))
  const [npmrc, pip, go] = await Promise.all([
    readSettings([
      environment.npm_config_userconfig ?? path.join(home, '.npmrc'),
      environment.npm_config_globalconfig,
      ...ofSystem('usr/local/etc/npmrc', 'usr/etc/npmrc', 'etc/npmrc'),
    ]),
    readSettings(
      [
        environment.PIP_CONFIG_FILE,
        path.join(configHome, 'pip/pip.conf'),
        path.join(home, 'Library/Application Support/pip/pip.conf'),
        path.join(home, '.pip/pip.conf'),
        ...ofSystem('etc/pip.conf', 'etc/xdg/pip/pip.conf'),
      ],
      { sections: ['global', 'install'] },
    ),
    readSettings([
      environment.GOENV,
      path.join(configHome, 'go/env'),
      path.join(home, 'Library/Application Support/go/env'),
    ]),
  ])
  return { npmrc, pip, go }
}

function proxies(environment: Environment, { npmrc, pip }: Files): RegistrySettings['proxy'] {
  const both = environment.PIP_PROXY ?? pip.proxy
  return {
    https:
      variable(environment, 'HTTPS_PROXY') ??
      variable(environment, 'NPM_CONFIG_HTTPS_PROXY') ??
      npmrc['https-proxy'] ??
      both,
    http:
      variable(environment, 'HTTP_PROXY') ??
      variable(environment, 'NPM_CONFIG_PROXY') ??
      npmrc.proxy ??
      both,
    no: variable(environment, 'NO_PROXY') ?? npmrc.noproxy,
  }
}

/** Of an npmrc only what leads to registries: the rest would change what is installed. */
function npm(environment: Environment, npmrc: Record<string, string>): RegistrySettings['npm'] {
  // npm takes its settings from variables too: npm_config_//host/:_authToken.
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    /^npm_config_/i.test(name) && value ? [[name.slice('npm_config_'.length), value]] : [],
  )
  const all: Record<string, string> = { ...npmrc, ...Object.fromEntries(variables) }
  const config = Object.entries(all)
    .filter(([name]) => NPM_REGISTRY_SETTING.test(name))
    .map(([name, value]) => [name, filledIn(value, environment)])
  const registry = variable(environment, 'NPM_CONFIG_REGISTRY') ?? npmrc.registry
  return {
    registry: registry && filledIn(registry, environment),
    config: config.length > 0 ? Object.fromEntries(config) : undefined,
  }
}

/** npm puts variables into its settings; the tools on a worker do not have them. */
function filledIn(value: string, environment: Environment): string {
  return value.replace(/\$\{([^}?]+)(\??)\}/g, (whole, name: string, optional: string) => {
    return environment[name] ?? (optional ? '' : whole)
  })
}

function python(environment: Environment, pip: Record<string, string>): RegistrySettings['pip'] {
  const first = (...names: string[]) => names.map((name) => environment[name]).find(Boolean)
  return {
    indexUrl: first('PIP_INDEX_URL', 'UV_DEFAULT_INDEX', 'UV_INDEX_URL') ?? pip['index-url'],
    extraIndexUrls:
      first('PIP_EXTRA_INDEX_URL', 'UV_INDEX', 'UV_EXTRA_INDEX_URL') ?? pip['extra-index-url'],
    trustedHosts: first('PIP_TRUSTED_HOST', 'UV_INSECURE_HOST') ?? pip['trusted-host'],
    findLinks: first('PIP_FIND_LINKS', 'UV_FIND_LINKS') ?? pip['find-links'],
  }
}

/** Such variables are written in both cases; curl's rule is that the lower one wins. */
function variable(environment: Environment, name: string): string | undefined {
  return environment[name.toLowerCase()] || environment[name] || undefined
}

/** Absent rather than empty: what is not said is the tool's own default. */
function withoutEmpty(settings: RegistrySettings): RegistrySettings {
  const text = JSON.stringify(settings, (_name, value: unknown) => {
    if (value === '') return undefined
    const isEmpty = (part: unknown) => part === undefined || part === ''
    return value && typeof value === 'object' && Object.values(value).every(isEmpty)
      ? undefined
      : value
  })
  return JSON.parse(text ?? '{}') as RegistrySettings
}
