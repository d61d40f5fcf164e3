import { PackageURL } from 'packageurl-js'

/** A piece of software that lies in a package and was not written by its user. */
export interface Component {
  /** Its package URL: what it is for every tool that reads an SBOM. */
  purl: string
  name: string
  /** Java: the group; Node.js: the scope. */
  group?: string
  version?: string
  /** As its author wrote them: SPDX identifiers, expressions, or names. */
  licenses: readonly string[]
  hashes?: readonly ComponentHash[]
  /** What else identifies it, by names of our own: "packline:go:sum". */
  properties?: Readonly<Record<string, string>>
}

export interface ComponentHash {
  algorithm: 'SHA-1' | 'SHA-256' | 'SHA-512'
  /** Hexadecimal. */
  content: string
}

/** What a reader knows of it; the purl follows. */
export interface Described {
  type: 'npm' | 'pypi' | 'maven' | 'golang' | 'generic'
  group?: string
  name: string
  version?: string
  licenses?: readonly string[]
  hashes?: readonly ComponentHash[]
  properties?: Readonly<Record<string, string>>
}

/** Undefined where no package URL can be made of it: files that only look like a library's. */
export function componentOf(described: Described): Component | undefined {
  const { type, group, name, version, licenses = [], hashes, properties } = described
  try {
    const purl = new PackageURL(type, group, name, version, undefined, undefined).toString()
    return { purl, name, group, version, licenses, hashes, properties }
  } catch {
    // A name or version that the standard does not allow.
    return undefined
  }
}
