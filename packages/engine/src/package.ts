import type { Archive, PackageEntry, PackedFile } from '@packline/archive'
import type { Finding } from '@packline/shared'
import type { Component } from './component.ts'

/** What a runtime hands over: the entries of the package, and whether it is a JAR or a ZIP. */
export interface Made {
  format: 'zip' | 'jar'
  entries: readonly PackageEntry[]
  /** Paths of what was installed and is not the source's own: a dependency package holds these. */
  installed?: ReadonlySet<string>
  /** What only the making shows, such as two files that wanted one path. */
  findings?: readonly Finding[]
  /** Of a bundle: kept beside the package, not in it. */
  sourceMap?: Buffer
  /** Libraries that were put into a file of the package, which does not tell of them. */
  bundled?: readonly Component[]
}

/** A finished package, reopened through the gate: what the checks look at is what is shipped. */
export interface Package {
  format: 'zip' | 'jar'
  file: PackedFile
  archive: Archive
  /** Paths that an installer wrote here, as far as the package itself does not say so. */
  installed: ReadonlySet<string>
  /** Unpacks it once, for the checks that need files; the folder goes with the build. */
  folder(): Promise<string>
  /** What `build.split` put apart. */
  split?: AttachedPackage
  sourceMap?: Buffer
  bundled?: readonly Component[]
}

/** A dependency package of the function, opened as its own package is. */
export interface AttachedPackage extends Package {
  name: string
  revision: number
}

/** Fixed paths inside the sandbox, so that none of this machine's leaks into bytes. */
export const BUILD = {
  root: '/build',
  source: '/build/source',
  output: '/build/output',
  home: '/build/home',
  /** Dependency packages of the function, each in a folder of its name; where a stage names it. */
  attached: '/build/attached',
  /** What a tool is told of registries, while it runs. */
  registries: '/build/registries',
  cache: '/cache',
} as const

/**
 * What a command finds at /cache. tenant: what only tools write that run no code of a source or
 * of a library, so that no build changes what the next one takes from there; build: an empty folder
 * that goes with the build, for those that do; plugins: another folder of the tenant's, for Maven
 * and Gradle, which run such code and would fetch everything anew without.
 */
export type CacheKind = 'tenant' | 'build' | 'plugins'
