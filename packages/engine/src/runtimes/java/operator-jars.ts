import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { PackageEntry } from '@packline/archive'
import { failed, type Profile } from '@packline/shared'
import { javaFailures } from '../../texts/failures/java.ts'
import type { Tool } from '../../tools/tools.ts'
import { openJar } from './jar.ts'

const JARS_MAX = 64
const PROPERTIES = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/
const PROPERTIES_BYTES_MAX = 64 * 1024

/** What Maven calls it. */
interface Coordinates {
  group: string
  artifact: string
  version: string
}

/** One jar of the platform's SDK. */
export interface OperatorJar {
  path: string
  size: number
  sha256: string
  /** Names with dots. */
  classes: ReadonlySet<string>
  /** By the jar's own word. */
  maven?: Coordinates
}

/**
 * The jars that the operator put into the profile's sdk/java: what the platform gives functions at
 * run time, so that code compiles with them and no package has them. Read once for each profile: a
 * worker is started anew after they were changed. Throws TOOL_MISSING where one is no jar.
 */
export function operatorJars(profile: Profile): Promise<readonly OperatorJar[]> {
  const known = READ.get(profile) ?? read(profile)
  READ.set(profile, known)
  return known
}

const READ = new WeakMap<Profile, Promise<readonly OperatorJar[]>>()

async function read(profile: Profile): Promise<readonly OperatorJar[]> {
  if (profile.sdk === undefined) return []
  const folder = join(profile.sdk, 'java')
  const names = await readdir(folder).catch(() => [])
  const jars = names.filter((name) => name.endsWith('.jar')).sort()
  return Promise.all(jars.slice(0, JARS_MAX).map((name) => readOne(join(folder, name), profile)))
}

async function readOne(path: string, profile: Profile): Promise<OperatorJar> {
  const bytes = await readFile(path)
  const archive = await openJar({ bytes }, profile)
  if (!archive) throw failed('TOOL_MISSING', javaFailures.noJar(path))
  const paths = archive.entries.map((entry) => entry.path)
  const classes = paths.filter((one) => one.endsWith('.class') && !one.startsWith('META-INF/'))
  const told = paths.filter((one) => PROPERTIES.test(one))
  const [only] = told
  const text =
    told.length === 1 && only !== undefined
      ? (await archive.read(only, PROPERTIES_BYTES_MAX)).toString('utf8')
      : ''
  return {
    path,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    classes: new Set(classes.map((one) => one.slice(0, -'.class'.length).replaceAll('/', '.'))),
    maven: coordinatesOf(text),
  }
}

/** Undefined unless pom.properties says all three. */
function coordinatesOf(properties: string): Coordinates | undefined {
  const said = (name: string) => new RegExp(`^${name}=([\\w.-]+)\\s*$`, 'm').exec(properties)?.[1]
  const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map(said)
  return group && artifact && version ? { group, artifact, version } : undefined
}

/** As a tool of a stage: its version is that of all jars, so that other ones make another build. */
export function sdkTool(jars: readonly OperatorJar[]): Tool[] {
  const [first] = jars
  if (!first) return []
  const all = createHash('sha256').update(jars.map(({ sha256 }) => sha256).join())
  const binds = jars.map(({ path }) => path)
  const version = all.digest('hex').slice(0, 16)
  return [{ name: 'platform-sdk', version, path: first.path, binds }]
}

/** Libraries that are no jar of the platform: of these none is ever in a package. */
export async function withoutPlatform(
  libraries: readonly PackageEntry[],
  jars: readonly OperatorJar[],
): Promise<PackageEntry[]> {
  if (jars.length === 0) return [...libraries]
  const kept: PackageEntry[] = []
  for (const entry of libraries) if (!(await isOneOf(entry, jars))) kept.push(entry)
  return kept
}

async function isOneOf(
  { size, content }: PackageEntry,
  jars: readonly OperatorJar[],
): Promise<boolean> {
  const alike = jars.filter((jar) => jar.size === size)
  if (alike.length === 0) return false
  const sha256 = await digestOf(content)
  return alike.some((jar) => jar.sha256 === sha256)
}

async function digestOf(content: PackageEntry['content']): Promise<string> {
  if (Buffer.isBuffer(content)) return createHash('sha256').update(content).digest('hex')
  const stream = 'open' in content ? await content.open() : createReadStream(content.path)
  const hash = createHash('sha256')
  await pipeline(stream, hash)
  return hash.digest('hex')
}
