import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { type Archive, openArchive } from '@packline/archive'
import type { RunTool } from '../process/command.ts'
import { probe, textIn } from './probe.ts'

/**
 * The registries that a tool asks by itself, found in the tool: so no list of ours has to follow
 * them, and a tool whose packager gave it another one is right as well. Empty: it is not known.
 */
export async function npmAsks(folder: string): Promise<string[]> {
  const file = join(folder, 'node_modules/@npmcli/config/lib/definitions/definitions.js')
  return some(await textIn(file, /Definition\('registry', \{\s*default: '([^']+)'/))
}

/** pip's index, and the host where the files lie that it names; uv asks the same. */
export async function pipAsks(pipFolder: string): Promise<string[]> {
  const file = join(pipFolder, '_internal/models/index.py')
  const said = await textIn(file, /\nPyPI = PackageIndex\(([\s\S]+?)\)/)
  const [, index, files] =
    /["'](https:[^"']+)["'],\s*(?:file_storage_domain=)?["']([^"']+)["']/.exec(said ?? '') ?? []
  return index && files ? [index, `https://${files}`] : []
}

/** The module proxies, and last the checksum database. */
export async function goAsks(run: RunTool, file: string): Promise<string[]> {
  const [proxy = '', sums = ''] = ((await probe(run, [file, 'env', ...GO_NAMES])) ?? '').split('\n')
  const proxies = proxy.split(/[,|]/).filter((one) => /^https?:/.test(one))
  return sums === '' ? proxies : [...proxies, `https://${sums}`]
}

const GO_NAMES = ['GOPROXY', 'GOSUMDB']

export async function mavenAsks(home: string): Promise<string[]> {
  const pom = 'org/apache/maven/model/pom-4.0.0.xml'
  return some(
    await textInJar(join(home, 'lib'), /^maven-model-builder-.*\.jar$/, pom, /<url>(.+?)</),
  )
}

/** Its name for Maven's central repository; that of its plugins is no constant of its own. */
export async function gradleAsks(home: string): Promise<string[]> {
  const name = 'org/gradle/api/artifacts/ArtifactRepositoryContainer.class'
  return some(await textInJar(join(home, 'lib'), /^gradle-core-.*\.jar$/, name, ADDRESS))
}

const ADDRESS = /(https?:\/\/[\w.-]+\.[a-z]+\/[\w./-]*)/

function some(found: string | undefined): string[] {
  return found === undefined ? [] : [found]
}

const JAR_LIMITS = { entriesMax: 100_000, unpackedBytesMax: 1024 ** 3, ratioMax: 1032 }
const ENTRY_BYTES_MAX = 1024 * 1024

async function textInJar(folder: string, jars: RegExp, entry: string, pattern: RegExp) {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((one) => jars.test(one))) {
    const archive = await openJar(join(folder, name))
    if (!archive) continue
    try {
      if (!archive.entries.some(({ path }) => path === entry)) continue
      return pattern.exec((await archive.read(entry, ENTRY_BYTES_MAX)).toString('latin1'))?.[1]
    } finally {
      await archive.close()
    }
  }
  return undefined
}

/** What can not be read says nothing: then the operator has to name the registry. */
async function openJar(file: string): Promise<Archive | undefined> {
  try {
    return await openArchive({ path: await realpath(file) }, { limits: JAR_LIMITS })
  } catch {
    return undefined
  }
}
