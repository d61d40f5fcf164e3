import type { PackageEntry } from '@packline/archive'

/** What a build made: the function's jar and the libraries beside it. */
export interface Parts {
  /** `entries`: to be written by us; `unchanged`: too large for that, or not ours to write. */
  jar: { name: string; entries: readonly PackageEntry[] } | { unchanged: PackageEntry }
  /** At the package's root, byte for byte as they came. */
  libraries: readonly PackageEntry[]
}
