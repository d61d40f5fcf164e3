import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunTool } from '../process/command.ts'
import { allOnPath, isExecutable, onPath } from '../process/on-path.ts'
import { gradleAsks, mavenAsks } from './asks.ts'
import { bindsOf, newestFirst, probe, textIn } from './probe.ts'
import type { Jdk, Tool } from './tool.ts'

export interface JavaTools {
  jdks: Jdk[]
  java?: Tool
  javac?: Tool
  jar?: Tool
  maven?: Tool
  gradle?: Tool
}

/** JDKs (a folder with bin/javac; a mere Java runtime does not count) and what builds with them. */
export async function findJava(
  run: RunTool,
  { path, home }: { path: string; home: string },
): Promise<JavaTools> {
  const [jdks, maven, gradle] = await Promise.all([
    findJdks(path, home),
    findMaven(run, path),
    findGradle(run, path),
  ])
  const [newest] = jdks
  const ofNewest = (name: 'java' | 'javac' | 'jar'): Tool | undefined => {
    if (!newest) return undefined
    return { name, version: newest.version, path: newest[name], binds: newest.binds }
  }
  return {
    jdks,
    java: ofNewest('java'),
    javac: ofNewest('javac'),
    jar: ofNewest('jar'),
    maven,
    gradle,
  }
}

async function findJdks(path: string, home: string): Promise<Jdk[]> {
  const onMachine = await allOnPath(['javac'], path)
  const compilers = await Promise.all(onMachine.map((file) => realpath(file)))
  const parents = [
    '/usr/lib/jvm',
    '/opt',
    '/opt/java',
    join(home, '.sdkman/candidates/java'),
    join(home, '.jdks'),
    '/Library/Java/JavaVirtualMachines',
  ]
  const listed = await Promise.all(
    parents.map(async (parent) => {
      const names = await readdir(parent).catch(() => [])
      return names.flatMap((name) => [join(parent, name), join(parent, name, 'Contents/Home')])
    }),
  )
  const folders = [...compilers.map((file) => join(file, '../..')), ...listed.flat()]
  const jdks = new Map<string, Jdk>()
  for (const jdk of await Promise.all(folders.map(jdkAt))) if (jdk) jdks.set(jdk.home, jdk)
  return [...jdks.values()].sort(newestFirst)
}

/** Every JDK says its version in the file `release`: none needs to be started for it. */
async function jdkAt(folder: string): Promise<Jdk | undefined> {
  if (!(await isExecutable(join(folder, 'bin/javac')))) return undefined
  const home = await realpath(folder)
  const found = await textIn(join(home, 'release'), /^JAVA_VERSION="([^"]+)"/m)
  if (found === undefined) return undefined
  const version = found.replace(/^1\./, '')
  return {
    name: 'JDK',
    version,
    release: Number.parseInt(version, 10),
    path: home,
    home,
    java: join(home, 'bin/java'),
    javac: join(home, 'bin/javac'),
    jar: join(home, 'bin/jar'),
    binds: bindsOf(home),
  }
}

async function findMaven(run: RunTool, path: string): Promise<Tool | undefined> {
  return byLibrary(run, 'mvn', path, {
    name: 'Maven',
    library: 'maven-core',
    asks: mavenAsks,
  })
}

async function findGradle(run: RunTool, path: string): Promise<Tool | undefined> {
  return byLibrary(run, 'gradle', path, {
    name: 'Gradle',
    library: 'gradle-core',
    asks: gradleAsks,
  })
}

interface Library {
  name: string
  library: string
  asks: (home: string) => Promise<string[]>
}

/** Asking Maven for its version starts a JVM; the name of its library says it as well. */
async function byLibrary(
  run: RunTool,
  command: string,
  path: string,
  { name, library, asks }: Library,
): Promise<Tool | undefined> {
  const found = await onPath(command, path)
  if (!found) return undefined
  const file = await realpath(found)
  const home = join(file, '../..')
  const names = await readdir(join(home, 'lib')).catch(() => [])
  // Debian's name has no version ("maven-core-3.x.jar"): then it is asked after all.
  const pattern = new RegExp(`^${library}-(\\d+(?:\\.\\d+)+[\\w.-]*)\\.jar$`)
  const listed = names.map((entry) => pattern.exec(entry)?.[1]).find((entry) => entry !== undefined)
  const version = listed ?? (await askVersion(run, file, name))
  if (version === undefined) return undefined
  return { name, version, path: file, binds: bindsOf(home), asks: await asks(home) }
}

async function askVersion(run: RunTool, file: string, name: string): Promise<string | undefined> {
  const text = (await probe(run, [file, '--version'])) ?? ''
  return new RegExp(`${name} (\\d[\\w.-]*)`).exec(text)?.[1]
}
