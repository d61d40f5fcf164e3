import type { Finding, Words } from '@packline/shared'
import { finding } from '../../finding.ts'
import { javaJarTexts } from '../../texts/java-jar.ts'
import { wrappingFolder } from '../../tree.ts'
import { listed, NO_FILE } from '../../words.ts'
import type { Subject } from '../runtime.ts'
import type { PackageJars } from './package-jars.ts'

const LISTED_MAX = 5

/** Rule java-jar: the function's jar is the package, or stands at its root with the libraries. */
export function checkLayout(subject: Subject, jars: PackageJars): Finding[] {
  const boot = springBoot(jars)
  if (boot) return [boot]
  if (jars.jars.length === 0 && jars.closed.length === 0) return [noJarAtRoot(subject)]
  return deeperJars(subject)
}

/** Its classes stand one folder lower, and its libraries are jars in a jar. */
function springBoot({ jars }: PackageJars): Finding | undefined {
  const jar = jars.find(({ archive }) =>
    archive.entries.some(({ path }) => path.startsWith('BOOT-INF/')),
  )
  if (!jar) return undefined
  const { path } = jar
  return finding('java-jar', 'error', javaJarTexts.springBoot(path), { path })
}

function noJarAtRoot({ package: { archive } }: Subject): Finding {
  const files = archive.entries.filter(({ kind }) => kind !== 'folder')
  const deep = files.filter(({ path }) => path.endsWith('.jar'))
  const wrapper = wrappingFolder(files)
  if (wrapper !== undefined && deep.some(({ path }) => isDirectlyIn(path, wrapper))) {
    const said = javaJarTexts.wrapped(wrapper, named(deep))
    return finding('java-jar', 'error', said, { path: deep[0]?.path })
  }
  const found = named(deep.length > 0 ? deep : files)
  const hasClasses = files.some(({ path }) => path.endsWith('.class'))
  return finding('java-jar', 'error', javaJarTexts.noJar(found, hasClasses))
}

/** The platform puts the root's jars on the class path, and no others. */
function deeperJars({ package: { archive } }: Subject): Finding[] {
  if (archive.format === 'jar') return []
  const deep = archive.entries.filter(
    ({ path, kind }) => kind === 'file' && path.includes('/') && path.endsWith('.jar'),
  )
  const [first] = deep
  if (!first) return []
  return [finding('java-jar', 'warning', javaJarTexts.inFolders(named(deep)), { path: first.path })]
}

function isDirectlyIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/')
}

function named(files: readonly { path: string }[]): Words {
  if (files.length === 0) return NO_FILE
  return listed(
    files.map(({ path }) => path),
    LISTED_MAX,
  )
}
