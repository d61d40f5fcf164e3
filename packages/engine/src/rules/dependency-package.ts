import type { Archive } from '@packline/archive'
import type { Finding, RuntimeName, Words } from '@packline/shared'
import { finding, type Said } from '../finding.ts'
import type { Subject } from '../runtimes/runtime.ts'
import { allInFolder, dependencyPackageTexts } from '../texts/dependency-package.ts'
import { wrappingFolder } from '../tree.ts'
import { listed, NO_FILE } from '../words.ts'
import type { Rule } from './rule.ts'

const MEBIBYTE = 1024 * 1024
const LISTED_MAX = 8

/**
 * What a dependency package must be (package-rules.md part 3): libraries where the runtime looks
 * for them, not too many files, none whose name ends in "~", not too large (numbers: the profile).
 */
export const dependencyPackage: Rule = {
  id: 'dependency-package',
  check: (subject) => {
    if (subject.request.type !== 'dependency') return []
    return [layout(subject), tildes(subject), count(subject), size(subject)].filter(
      (finding) => finding !== undefined,
    )
  },
}

function layout({ package: { archive }, request: { runtime } }: Subject): Finding | undefined {
  const paths = pathsOf(archive)
  const wrapper = wrappingFolder(archive.entries)
  const isWrapped = paths.some((path) => path.startsWith(`${wrapper}/`) && DIST_INFO.test(path))
  const atRoot = (path: string) => AT_ROOT[runtime]?.test(path) && !LAYER.test(path)
  if (paths.some(atRoot) && !isWrapped) return undefined
  const deep = paths.map((path) => BELOW[runtime]?.exec(path)?.[1]).find(Boolean)
  const folder = deep ?? wrapper
  const found = folder === undefined ? named(paths) : allInFolder(folder)
  return error(dependencyPackageTexts.layout(runtime, found, folder))
}

/** What shows that libraries stand where the runtime finds them. */
const AT_ROOT: Partial<Record<RuntimeName, RegExp>> = {
  nodejs: /^node_modules\/./,
  python: /^[^/]+\.(?:py|pyc|so)$|^[^/]+\.dist-info\/|^[^/]+\/(?:[^/]+\/)*[^/]+\.(?:py|pyc|so)$/,
  java: /^[^/]+\.jar$/i,
}

/** The same one or more folders lower, with the folder. */
const BELOW: Partial<Record<RuntimeName, RegExp>> = {
  nodejs: /^(.+?)\/node_modules\//,
  python: /^(.+)\/[^/]+\.dist-info\//,
  java: /^(.+)\/[^/]+\.jar$/i,
}

/** Folders of other platforms' layers, and of Python itself: what lies in them is not found. */
const LAYER = /^(?:python|site-packages|lib)\/(?!__init__\.py)/
/** What pip and uv leave beside the modules that they install, in a folder that wraps all. */
const DIST_INFO = /^[^/]+\/[^/]+\.dist-info\//

/** The platform takes such names for an editor's copies. */
function tildes({ package: { archive } }: Subject): Finding | undefined {
  const wrong = archive.entries
    .filter(({ path }) => path.split('/').some((name) => name.endsWith('~')))
    .map(({ path }) => path)
  if (wrong.length === 0) return undefined
  return error(dependencyPackageTexts.tildes(named(wrong)), wrong[0])
}

function count({ package: { archive }, profile: { limits, title } }: Subject): Finding | undefined {
  const files = pathsOf(archive).length
  if (files <= limits.dependencyFilesMax) return undefined
  return error(dependencyPackageTexts.tooMany(files, limits.dependencyFilesMax, title))
}

function size({ package: { file }, profile: { limits, title } }: Subject): Finding | undefined {
  if (file.size <= limits.dependencyBytesMax) return undefined
  const most = (limits.dependencyBytesMax / MEBIBYTE).toFixed(1)
  const has = (file.size / MEBIBYTE).toFixed(1)
  return error(dependencyPackageTexts.tooLarge(has, most, title))
}

function pathsOf({ entries }: Archive): string[] {
  return entries.filter(({ kind }) => kind !== 'folder').map(({ path }) => path)
}

function named(paths: readonly string[]): Words {
  return paths.length === 0 ? NO_FILE : listed(paths, LISTED_MAX)
}

function error(said: Said, path?: string): Finding {
  return finding('dependency-package', 'error', said, { path })
}
