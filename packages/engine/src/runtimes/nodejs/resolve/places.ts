import { posix } from 'node:path'
import type { Archive } from '@packline/archive'
import isCoreModule from 'is-core-module'
import { exports as exportsOf } from 'resolve.exports'
import type { Import } from './imports.ts'

const MANIFEST_BYTES_MAX = 1024 * 1024
const ENDS = ['', '.js', '.json', '.node', '.mjs', '.cjs']

/** Where the names of a package's imports lead. */
export interface Places {
  /** The own file behind "./name" of a file; undefined where there is none. */
  own(name: string, from: string): string | undefined
  /** Whether a package, attached or in node_modules above, or Node.js itself has the name. */
  has(asked: Import, from: string): Promise<boolean>
}

interface Surroundings {
  /** Of the platform's Node.js, such as "20.15". */
  version: string
  /** Modules that the platform has. */
  preinstalled: readonly string[]
  /** Files of attached dependency packages, as they lie beside the code. */
  attached: readonly string[]
}

/** Looks as Node.js of that version does, in the package's list of files. */
export function placesOf(
  archive: Archive,
  { version, preinstalled, attached }: Surroundings,
): Places {
  const files = new Set(
    archive.entries.flatMap(({ path, kind }) => (kind === 'folder' ? [] : path)),
  )
  const folders = new Set(archive.entries.flatMap(({ path }) => above(path)))
  const attachedFolders = new Set(attached.flatMap(above))
  const nodeVersion = [...version.split('.'), '0', '0'].slice(0, 3).join('.')
  const fileAt = (path: string) => {
    const ends = ENDS.map((end) => path + end)
    return [...ends, ...ENDS.slice(1).map((end) => `${path}/index${end}`)].find((one) =>
      files.has(one),
    )
  }
  const manifestOf = async (folder: string): Promise<Record<string, unknown> | undefined> => {
    const path = `${folder}/package.json`
    if (!files.has(path)) return undefined
    try {
      return JSON.parse((await archive.read(path, MANIFEST_BYTES_MAX)).toString('utf8'))
    } catch {
      // Damaged, or far larger than any: what is in the package can then not be told.
      return undefined
    }
  }
  const opens = async (folder: string, inner: string, by: Import['by']) => {
    const manifest = await manifestOf(folder)
    if (!manifest) return inner === '' || fileAt(posix.join(folder, inner)) !== undefined
    if (manifest.exports) return hasExport(manifest, inner, by)
    if (inner !== '') return fileAt(posix.join(folder, inner)) !== undefined || hasManifest(inner)
    const main = typeof manifest.main === 'string' ? manifest.main : ''
    return [main, 'index'].some((one) => fileAt(posix.join(folder, one)) !== undefined)

    function hasManifest(name: string) {
      return files.has(posix.join(folder, name, 'package.json'))
    }
  }
  return {
    own: (name, from) => fileAt(posix.join(posix.dirname(from), name)),
    has: async (asked, from) => {
      const { name, inner } = taken(asked.name)
      if (isCoreModule(asked.name, nodeVersion) || preinstalled.includes(name)) return true
      for (const folder of foldersAbove(from)) {
        const place = posix.join(folder, 'node_modules', name)
        // Of an attached package the names of its files are known, and no more.
        if (attachedFolders.has(place)) return true
        if (folders.has(place) && (await opens(place, inner, asked.by))) return true
      }
      return files.has(`node_modules/${name}.js`)
    },
  }
}

/** "@scope/name/sub/path" into name and the rest. */
function taken(text: string): { name: string; inner: string } {
  const [, name = text, inner = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(text) ?? []
  return { name, inner }
}

function above(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'))
}

function foldersAbove(path: string): string[] {
  return [...above(path).reverse(), '']
}

/** Whatever the condition leads to: whether its file is there is its author's care. */
function hasExport(manifest: Record<string, unknown>, inner: string, by: Import['by']): boolean {
  const options = { require: by === 'require', conditions: ['node-addons', 'module-sync'] }
  try {
    return exportsOf(manifest, inner === '' ? '.' : `./${inner}`, options) !== undefined
  } catch {
    return false
  }
}
