import type { Archive } from '@packline/archive'
import type { Described } from '../../component.ts'
import { MANIFEST } from './jar.ts'

const POM_PROPERTIES = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/
const TEXT_BYTES_MAX = 1024 * 1024
/** name-1.2.3.jar */
const FILE_NAME = /^(.+?)-(\d[\w.+-]*)\.jar$/i

/**
 * Which libraries a jar is: by Maven's pom.properties, of which a shaded jar has several, else by
 * its manifest, else by the file's name. None where it says nothing.
 */
export async function describeJar(jar: Archive, fileName?: string): Promise<Described[]> {
  const poms = jar.entries.filter(({ path, kind }) => kind === 'file' && POM_PROPERTIES.test(path))
  const described: Described[] = []
  for (const { path } of poms) {
    const properties = propertiesOf(await textOf(jar, path))
    const name = properties.get('artifactId')
    if (name === undefined) continue
    const [group, version] = [properties.get('groupId'), properties.get('version')]
    const licenses = licensesOf(await textOf(jar, path.replace(/properties$/, 'xml')))
    described.push({ type: 'maven', group, name, version, licenses })
  }
  if (described.length > 0) return described
  const other = byManifest(headersOf(await textOf(jar, MANIFEST)), fileName)
  return other ? [other] : []
}

/** Names of OSGi bundles and of modules begin with their group; how far is not said. */
function byManifest(headers: ReadonlyMap<string, string>, fileName = ''): Described | undefined {
  const [, fileTitle, fileVersion] = FILE_NAME.exec(fileName) ?? []
  const bundle = headers.get('Bundle-SymbolicName')?.split(';', 1)[0]?.trim()
  const name = fileTitle ?? bundle ?? headers.get('Implementation-Title')
  if (name === undefined) return undefined
  const version =
    fileVersion ?? headers.get('Bundle-Version') ?? headers.get('Implementation-Version')
  const license = headers.get('Bundle-License')?.split(/[;,]/, 1)[0]?.trim()
  const licenses = license === undefined ? [] : [license]
  return { type: 'generic', name, version, licenses }
}

async function textOf(jar: Archive, path: string): Promise<string> {
  const entry = jar.entries.find((one) => one.path === path && one.kind === 'file')
  if (!entry || entry.size > TEXT_BYTES_MAX) return ''
  return (await jar.read(path, TEXT_BYTES_MAX)).toString('utf8')
}

function propertiesOf(text: string): Map<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^\s{0,20}([\w.]+)\s{0,20}[=:]\s{0,20}(\S.*)$/.exec(line) ?? []
    return name === undefined || value === undefined ? [] : [[name, value.trim()] as const]
  })
  return new Map(pairs)
}

/** The names in <licenses>; a child takes its parent's, which is not in the jar. */
function licensesOf(pom: string): string[] {
  return pom
    .split('<license>')
    .slice(1)
    .flatMap((part) => /<name>\s*([^<]{1,200}?)\s*<\/name>/.exec(part.slice(0, 2000))?.[1] ?? [])
}

/** A line that starts with a space continues the one before (JAR file specification). */
function headersOf(manifest: string): Map<string, string> {
  const lines = manifest.replace(/\r?\n /g, '').split(/\r?\n/)
  const pairs = lines.flatMap((line) => {
    const at = line.indexOf(': ')
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 2)] as const]
  })
  return new Map(pairs)
}
