import { posix } from 'node:path'
import type { Tree } from '../../../tree.ts'
import type { Placed } from './real-folders.ts'

const MANIFEST_BYTES_MAX = 4 * 1024 * 1024
const FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/@.][^/]*(?=\/)/

/** What a package's own package.json says of what it needs and where it runs. */
export interface Declared {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  os?: unknown
  cpu?: unknown
  libc?: unknown
}

/** The packages in node_modules, as Node.js would find them. */
export interface Packages {
  /** By folder; "" is the source itself. Empty where a manifest can not be read. */
  declared(folder: string): Promise<Declared>
  /** Where a folder's code finds a package by its name, looking upwards. */
  find(name: string, from: string): string | undefined
  folders: readonly string[]
}

export function packagesOf(placed: readonly Placed[], source: Tree): Packages {
  const manifests = new Map<string, string>()
  for (const { path, file } of placed) {
    if (posix.basename(path) !== 'package.json') continue
    const folder = posix.dirname(path)
    const isWhole = folder === '.' || !folder.includes('node_modules') || packageOf(path) === folder
    if (isWhole) manifests.set(folder === '.' ? '' : folder, file.path)
  }
  return {
    folders: [...manifests.keys()],
    declared: async (folder) => {
      const path = manifests.get(folder)
      return path === undefined ? {} : parse(await source.read(path, MANIFEST_BYTES_MAX))
    },
    find: (name, from) => {
      for (let folder = from; ; folder = folder.includes('/') ? posix.dirname(folder) : '') {
        const place = posix.join(folder, 'node_modules', name)
        if (manifests.has(place)) return place
        if (folder === '') return undefined
      }
    },
  }
}

/** The folder of the innermost package in node_modules that a path lies in. */
export function packageOf(path: string): string | undefined {
  return FOLDER.exec(path)?.[0]
}

/** All packages that these need, themselves included; what is not there is left out. */
export async function closureOf(
  starts: readonly string[],
  packages: Packages,
): Promise<Set<string>> {
  const found = new Set(starts)
  for (const folder of found) {
    const { dependencies, optionalDependencies, peerDependencies } = await packages.declared(folder)
    const names = { ...dependencies, ...optionalDependencies, ...peerDependencies }
    for (const name of Object.keys(names)) {
      const place = packages.find(name, folder)
      if (place !== undefined) found.add(place)
    }
  }
  return found
}

function parse(bytes: Buffer): Declared {
  try {
    const value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    // A package whose manifest Node.js could not read either: it needs nothing that is known.
    return {}
  }
}
