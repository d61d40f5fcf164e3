import { readFile, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { PacklineError, type RegistryHost, type RegistrySettings } from '@packline/shared'
import type { RegistryAccess, ToolAccess } from './context.ts'
import { BUILD } from './package.ts'
import { DOOR } from './process/gateway/door.ts'
import { readAuthorities } from './registries/authorities.ts'
import { proxiesIn, withProxies } from './registries/given-maven-settings.ts'
import { gradleProperties } from './registries/gradle-properties.ts'
import { javaTrustStore } from './registries/java-trust-store.ts'
import { jvmProxyOptions, mavenSettings } from './registries/maven-settings.ts'
import { npmrcOf } from './registries/npmrc.ts'
import { reachOf } from './registries/reach.ts'
import { secretsOf } from './registries/secrets.ts'
import { yarnrcOf } from './registries/yarnrc.ts'

const CA = `${BUILD.registries}/ca.pem`
const SETTINGS_BYTES_MAX = 1024 * 1024

/** What one tool needs; variables that are undefined are not set. */
interface Wanted {
  env?: Record<string, string | undefined>
  files?: ToolAccess['files']
  binds?: ToolAccess['binds']
}

/** What the settings name as files, read. */
interface Read {
  /** Authorities. */
  pem: string
  trustStore: Buffer | undefined
  /** Maven's settings. */
  given: string | undefined
}

/** The only proxy that a fenced tool knows. Empty: not even loopback is reached without it. */
const THROUGH_DOOR = {
  https: `http://${DOOR.host}:${DOOR.port}`,
  http: `http://${DOOR.host}:${DOOR.port}`,
  no: '',
}

/**
 * The worker's one configuration of mirrors, proxies and CAs, as each tool wants to be told. Each
 * gets what is its own: code that a build runs must not read another tool's credentials. Reads the
 * files that are named; throws INVALID_REQUEST where one can not be used. `hosts`: those that
 * stages may reach beside the registries.
 */
export async function registryAccess(
  settings: RegistrySettings,
  hosts: readonly RegistryHost[] = [],
): Promise<RegistryAccess> {
  const { ca, maven } = settings
  const [certificates, given] = await Promise.all([
    ca ? readAuthorities(ca) : [],
    maven?.settings ? readSettings(maven.settings) : undefined,
  ])
  const read: Read = {
    pem: certificates.map((one) => one.toString()).join(''),
    trustStore:
      certificates.length > 0 ? javaTrustStore(certificates.map(({ raw }) => raw)) : undefined,
    given,
  }
  const open = byTool(settings, settings, read)
  const fenced = byTool(settings, { ...settings, proxy: THROUGH_DOOR }, read)
  const configured = { settings, hosts, mavenSettings: given }
  return {
    of: (tool, isolation) => {
      const wanted = (isolation === 'sandbox' ? fenced : open)(tool.name)
      return { ...access(wanted), reach: reachOf(tool, configured) }
    },
    secrets: secretsOf(settings, given === undefined ? [] : [given]),
  }
}

/**
 * `told`: the settings as files and options of a tool say them. Its variables always have the
 * worker's own proxies: where there is a door, it takes them out of there and goes on by them.
 */
function byTool(
  settings: RegistrySettings,
  told: RegistrySettings,
  read: Read,
): (tool: string) => Wanted {
  const { pem } = read
  const isFenced = told !== settings
  const common: Wanted = both(pem === '' ? {} : authorities(pem), proxies(settings))
  const ofMaven = isFenced ? fencedMaven(settings, told, read) : mavenAccess(told, read)
  const ofGradle = both(ofMaven, gradleAccess(told))
  const ofNpm = both(common, isFenced ? NPM_THROUGH_DOOR : {})
  const tools = new Map<string, Wanted>([
    ['uv', both(common, python(settings))],
    ['Python', both(common, python(settings))],
    ['npm', both(ofNpm, npm(settings))],
    ['Yarn', both(ofNpm, npmLike(told))],
    ['pnpm', both(ofNpm, npmLike(told))],
    ['Go', both(common, go(settings))],
    ['Maven', ofMaven],
    ['Gradle', ofGradle],
    ['Gradle wrapper', ofGradle],
  ])
  return (tool) => tools.get(tool) ?? common
}

/** Above an npmrc of the project's, which may name a proxy that is not reached from inside. */
const NPM_THROUGH_DOOR: Wanted = {
  env: { npm_config_proxy: THROUGH_DOOR.http, npm_config_https_proxy: THROUGH_DOOR.https },
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
function mavenAccess({ maven, proxy }: RegistrySettings, { given, trustStore }: Read): Wanted {
  const text = given ?? mavenSettings(maven?.mirror, proxy)
  const options = given === undefined ? jvmProxyOptions(proxy) : []
  const settingsFile = `${BUILD.registries}/settings.xml`
  const storeFile = `${BUILD.registries}/authorities.jks`
  return {
    env: {
      PACKLINE_MAVEN_SETTINGS: text && settingsFile,
      PACKLINE_MAVEN_OPTIONS: options.length > 0 ? options.join(' ') : undefined,
      PACKLINE_JAVA_TRUST_STORE: trustStore ? storeFile : undefined,
    },
    files: {
      ...(text ? { [settingsFile]: text } : {}),
      ...(trustStore ? { [storeFile]: trustStore } : {}),
    },
  }
}

/** Proxies of a given file are the worker's, too: Maven itself is told of the door alone. */
function fencedMaven(settings: RegistrySettings, told: RegistrySettings, read: Read): Wanted {
  const { given } = read
  const proxy = given === undefined ? settings.proxy : proxiesIn(given)
  const wanted = mavenAccess(told, {
    ...read,
    given: given === undefined ? undefined : withProxies(given, THROUGH_DOOR),
  })
  const options = jvmProxyOptions(THROUGH_DOOR).join(' ')
  return both(both(wanted, proxies({ proxy })), { env: { PACKLINE_MAVEN_OPTIONS: options } })
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

function access({ env = {}, files = {}, binds = [] }: Wanted) {
  const set = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return { env: Object.fromEntries(set), files, binds }
}
