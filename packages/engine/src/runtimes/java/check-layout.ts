import type { Finding } from '@packline/shared'
import { wrappingFolder } from '../../tree.ts'
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
  return {
    rule: 'java-jar',
    level: 'error',
    message: `${jar.path ?? 'the jar'} is a Spring Boot jar: its classes and libraries lie in BOOT-INF/, where the platform's class loader of event functions does not look`,
    hint: 'Leave the spring-boot-maven-plugin out, so that Packline puts the plain jar and its libraries side by side, or make it an HTTP function with a bootstrap.',
    path: jar.path,
  }
}

function noJarAtRoot({ package: { archive } }: Subject): Finding {
  const files = archive.entries.filter(({ kind }) => kind !== 'folder')
  const deep = files.filter(({ path }) => path.endsWith('.jar'))
  const wrapper = wrappingFolder(files)
  if (wrapper !== undefined && deep.some(({ path }) => isDirectlyIn(path, wrapper))) {
    return {
      rule: 'java-jar',
      level: 'error',
      message: `everything lies in the folder "${wrapper}"; expected the jars at the root, found ${listed(deep)}`,
      hint: `Zip the content of "${wrapper}", not the folder, or set build.unwrap to true.`,
      path: deep[0]?.path,
    }
  }
  const found = deep.length > 0 ? listed(deep) : listed(files)
  const hasClasses = files.some(({ path }) => path.endsWith('.class'))
  return {
    rule: 'java-jar',
    level: 'error',
    message: `expected a jar at the root, found ${found}`,
    hint: hasClasses
      ? 'Put the classes into a jar (jar --create --file function.jar -C classes .), or hand in the source.'
      : "Put the function's jar and every library jar at the root of the ZIP, without folders.",
  }
}

/** The platform puts the root's jars on the class path, and no others. */
function deeperJars({ package: { archive } }: Subject): Finding[] {
  if (archive.format === 'jar') return []
  const deep = archive.entries.filter(
    ({ path, kind }) => kind === 'file' && path.includes('/') && path.endsWith('.jar'),
  )
  const [first] = deep
  if (!first) return []
  return [
    {
      rule: 'java-jar',
      level: 'warning',
      message: `jars in folders are not on the class path: ${listed(deep)}`,
      hint: 'Move them to the root of the ZIP.',
      path: first.path,
    },
  ]
}

function isDirectlyIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/')
}

function listed(files: readonly { path: string }[]): string {
  if (files.length === 0) return 'no file'
  const shown = files.slice(0, LISTED_MAX).map(({ path }) => path)
  const more = files.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
