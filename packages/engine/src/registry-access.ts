import { readFile, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { PacklineError, type RegistrySettings } from '@packline/shared'
import type { RegistryAccess, ToolAccess } from './context.ts'
import { BUILD } from './package.ts'
import { readAuthorities } from './registries/authorities.ts'
import { gradleProperties } from './registries/gradle-properties.ts'
import { javaTrustStore } from './registries/java-trust-store.ts'
import { jvmProxyOptions, mavenSettings } from './registries/maven-settings.ts'
import { npmrcOf } from './registries/npmrc.ts'
import { hider, secretsOf } from './registries/secrets.ts'
import { yarnrcOf } from './registries/yarnrc.ts'

const CA = `${BUILD.registries}/ca.pem`
const SETTINGS_BYTES_MAX = 1024 * 1024

/** What one tool needs; variables that are undefined are not set. */
interface Wanted {
  env?: Record<string, string | undefined>
  files?: ToolAccess['files']
  binds?: ToolAccess['binds']
}

/**
 * The worker's one configuration of mirrors, proxies and CAs, as each tool wants to be told. Each
 * gets what is its own: code that a build runs must not read another tool's credentials. Reads the
 * files that are named; throws INVALID_REQUEST where one can not be used.
 */
export async function registryAccess(settings: RegistrySettings): Promise<RegistryAccess> {
  const { ca, maven } = settings
  const [certificates, ownSettings] = await Promise.all([
    ca ? readAuthorities(ca) : [],
    maven?.settings ? readSettings(maven.settings) : undefined,
  ])
  const pem = certificates.map((one) => one.toString()).join('')
  const common: Wanted = pem === '' ? proxies(settings) : both(authorities(pem), proxies(settings))
  const tools = new Map<string, ToolAccess>()
  for (const name of ['uv', 'Python']) tools.set(name, access(both(common, python(settings))))
  tools.set('npm', access(both(common, npm(settings))))
  for (const name of ['Yarn', 'pnpm']) tools.set(name, access(both(common, npmLike(settings))))
  tools.set('Go', access(both(common, go(settings))))
  const store = certificates.length > 0 ? javaTrustStore(certificates.map(({ raw }) => raw)) : null
  const ofMaven = mavenAccess(settings, ownSettings, store)
  tools.set('Maven', access(ofMaven))
  const gradle = access(both(ofMaven, gradleAccess(settings)))
  for (const name of ['Gradle', 'Gradle wrapper']) tools.set(name, gradle)
  const others = access(common)
  return {
    of: (tool) => tools.get(tool) ?? others,
    hide: hider(secretsOf(settings, ownSettings === undefined ? [] : [ownSettings])),
  }
}

/** Node.js adds it to its own; the others take it in place of theirs, hence the system's in it. */
function authorities(pem: string): Wanted {
  const names = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE']
  // Go asks for some modules by git.
  const env = Object.fromEntries([...names, 'GIT_SSL_CAINFO'].map((name) => [name, CA]))
  return { env, files: { [CA]: pem } }
}

/** In both cases: curl, and git by it, reads http_proxy in lower case only. */
function proxies({ proxy }: RegistrySettings): Wanted {
  const { https, http, no } = proxy ?? {}
  return {
    env: {
      HTTPS_PROXY: https,
      https_proxy: https,
      HTTP_PROXY: http,
      http_proxy: http,
      NO_PROXY: no,
      no_proxy: no,
    },
  }
}

/** As the user's npmrc: below what the project's own says, and no token in a variable. */
function npm({ npm: settings }: RegistrySettings): Wanted {
  const text = npmrcOf(settings)
  // By itself npm waits 10 s and 60 s between three attempts; the build is tried again anyway.
  const patience = {
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '5000',
  }
  if (text === '') return { env: patience }
  const npmrc = `${BUILD.registries}/npmrc`
  return { env: { ...patience, npm_config_userconfig: npmrc }, files: { [npmrc]: text } }
}

/** Read in the home folder, which this is for them: no variable names a file to all of them. */
function npmLike(settings: RegistrySettings): Wanted {
  const npmrc = npmrcOf(settings.npm)
  const yarnrc = yarnrcOf(settings)
  return {
    files: {
      ...(npmrc ? { [`${BUILD.registries}/.npmrc`]: npmrc } : {}),
      ...(yarnrc ? { [`${BUILD.registries}/.yarnrc.yml`]: yarnrc } : {}),
    },
  }
}

function python({ pip }: RegistrySettings): Wanted {
  const { indexUrl, extraIndexUrls, trustedHosts, findLinks } = pip ?? {}
  // A folder of wheels is on the worker's disk; an address is not.
  const folders = (findLinks ?? '').split(' ').filter(isAbsolute)
  return {
    env: {
      PIP_INDEX_URL: indexUrl,
      UV_DEFAULT_INDEX: indexUrl,
      PIP_EXTRA_INDEX_URL: extraIndexUrls,
      UV_INDEX: extraIndexUrls,
      PIP_TRUSTED_HOST: trustedHosts,
      UV_INSECURE_HOST: trustedHosts,
      PIP_FIND_LINKS: findLinks,
      UV_FIND_LINKS: findLinks?.replaceAll(' ', ','),
    },
    binds: folders.map((folder) => ({ from: folder, to: folder })),
  }
}

/** GOFLAGS of the machine are not taken: they change what is built. */
function go({ go: settings }: RegistrySettings): Wanted {
  return {
    env: {
      GOPROXY: settings?.proxy,
      GOSUMDB: settings?.sumdb,
      GOPRIVATE: settings?.private,
      GONOPROXY: settings?.noproxy,
      GONOSUMDB: settings?.nosumdb,
      GOINSECURE: settings?.insecure,
    },
  }
}

/** A settings file that was given says all; else one is written of mirror and proxies. */
function mavenAccess(
  { maven, proxy }: RegistrySettings,
  given: string | undefined,
  store: Buffer | null,
): Wanted {
  const text = given ?? mavenSettings(maven?.mirror, proxy)
  const options = given === undefined ? jvmProxyOptions(proxy) : []
  const settingsFile = `${BUILD.registries}/settings.xml`
  const storeFile = `${BUILD.registries}/authorities.jks`
  return {
    env: {
      PACKLINE_MAVEN_SETTINGS: text && settingsFile,
      PACKLINE_MAVEN_OPTIONS: options.length > 0 ? options.join(' ') : undefined,
      PACKLINE_JAVA_TRUST_STORE: store ? storeFile : undefined,
    },
    files: { ...(text ? { [settingsFile]: text } : {}), ...(store ? { [storeFile]: store } : {}) },
  }
}

/** Beside what Maven is told, which our init script reads. */
function gradleAccess({ proxy }: RegistrySettings): Wanted {
  const text = gradleProperties(proxy)
  const file = `${BUILD.registries}/gradle.properties`
  if (text === undefined) return {}
  return { env: { PACKLINE_GRADLE_PROPERTIES: file }, files: { [file]: text } }
}

async function readSettings(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size <= SETTINGS_BYTES_MAX) return await readFile(path, 'utf8')
    throw new Error(`It has ${size} bytes, at most ${SETTINGS_BYTES_MAX} are read`)
  } catch (cause) {
    throw new PacklineError('INVALID_REQUEST', `Maven's settings ${path} can not be read`, {
      hint: 'PACKLINE_REGISTRIES names the file as "maven": {"settings": ...}.',
      cause,
    })
  }
}

function both(one: Wanted, other: Wanted): Wanted {
  return {
    env: { ...one.env, ...other.env },
    files: { ...one.files, ...other.files },
    binds: [...(one.binds ?? []), ...(other.binds ?? [])],
  }
}

function access({ env = {}, files = {}, binds = [] }: Wanted): ToolAccess {
  const set = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return { env: Object.fromEntries(set), files, binds }
}
