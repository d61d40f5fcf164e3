import type { Archive } from '@packline/archive'
import { type Finding, RUNTIMES, type RuntimeName } from '@packline/shared'
import type { Subject } from '../runtimes/runtime.ts'
import { wrappingFolder } from '../tree.ts'
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
  const expected = RUNTIMES[runtime].dependencyLayout
  const deep = paths.map((path) => BELOW[runtime]?.exec(path)?.[1]).find(Boolean)
  const folder = deep ?? wrapper
  const found = folder === undefined ? listed(paths) : `everything in the folder "${folder}"`
  return error(
    `expected ${expected}, found ${found}`,
    folder === undefined
      ? 'Zip what the package manager installed, or give its manifest and have it built.'
      : `Zip the content of "${folder}", not the folder around it.`,
  )
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
  const found = `no name may end in "~", found ${listed(wrong)}`
  return { ...error(found, 'Rename these files, or leave them out.'), path: wrong[0] }
}

function count({ package: { archive }, profile: { limits, title } }: Subject): Finding | undefined {
  const files = pathsOf(archive).length
  if (files <= limits.dependencyFilesMax) return undefined
  return error(
    `it has ${files} files; ${title} takes at most ${limits.dependencyFilesMax}`,
    'Leave out what is not needed at run time, or make two packages of it.',
  )
}

function size({ package: { file }, profile: { limits, title } }: Subject): Finding | undefined {
  if (file.size <= limits.dependencyBytesMax) return undefined
  const most = (limits.dependencyBytesMax / MEBIBYTE).toFixed(1)
  return error(
    `it has ${(file.size / MEBIBYTE).toFixed(1)} MiB; ${title} takes at most ${most}`,
    'Leave out what is not needed at run time, or make two packages of it.',
  )
}

function pathsOf({ entries }: Archive): string[] {
  return entries.filter(({ kind }) => kind !== 'folder').map(({ path }) => path)
}

function listed(paths: readonly string[]): string {
  if (paths.length === 0) return 'no file'
  const shown = paths.slice(0, LISTED_MAX).join(', ')
  return paths.length > LISTED_MAX ? `${shown} and ${paths.length - LISTED_MAX} more` : shown
}

function error(message: string, hint: string): Finding {
  const said = `the dependency package: ${message}`
  return { rule: 'dependency-package', level: 'error', message: said, hint }
}
