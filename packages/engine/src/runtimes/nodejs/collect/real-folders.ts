import { posix } from 'node:path'
import { failed, LIMITS, type PacklineError } from '@packline/shared'
import { nodejsFailures } from '../../../texts/failures/nodejs.ts'
import type { TreeFile } from '../../../tree.ts'

/** A file of the source and where it goes. */
export interface Placed {
  path: string
  file: TreeFile
}

interface Link {
  /** Where it goes, and the folder of the source whose files go there in its place. */
  at: string
  target: string
  /** Folders that it lies in the copies of, which are found from inside it by name anyway. */
  within: readonly string[]
}

/** As many as Linux follows on one path (path_resolution(7)). */
const HOPS_MAX = 40

/**
 * Workspaces and folders of the source are links in node_modules: each becomes a copy of what it
 * leads to, as ZIPs are not unpacked with links everywhere. Links to files stay.
 */
export function realFolders(files: readonly TreeFile[]): Placed[] {
  const folders = foldersOf(files)
  const links = new Map(
    files.flatMap(({ path, linkTarget }) => (linkTarget ? [[path, linkTarget]] : [])),
  )
  const folderBehind = (path: string): string | undefined => {
    let at = path
    for (let hop = 0; hop < HOPS_MAX; hop += 1) {
      const target = links.get(at)
      if (target === undefined) return hop > 0 && folders.has(at) ? at : undefined
      at = posix.join(posix.dirname(at), target).replace(/\/$/, '')
    }
    return undefined
  }
  const placed: Placed[] = []
  /** Copies by where they are. */
  const copies = new Map<string, string>()
  const take = (
    from: readonly TreeFile[],
    below: string,
    to: string,
    within: readonly string[],
  ) => {
    const found: Link[] = []
    for (const file of from) {
      const path = to + file.path.slice(below.length)
      const target = isDependency(file.path) ? folderBehind(file.path) : undefined
      if (target === undefined) placed.push({ path, file: moved(file, path, below) })
      else found.push({ at: path, target, within })
    }
    // All of one level are known before the first is copied: what lies deeper finds them by name.
    const wanted = found.filter(
      (link) => !link.within.includes(link.target) && !isAbove(link, copies),
    )
    for (const { at, target } of wanted) copies.set(at, target)
    return wanted
  }
  const waiting = take(files, '', '', [])
  for (let link = waiting.shift(); link !== undefined; link = waiting.shift()) {
    const { at, target, within } = link
    const inside = files.filter(({ path }) => path.startsWith(`${target}/`))
    waiting.push(...take(inside, target, at, [...within, target]))
    if (placed.length > LIMITS.archiveEntriesMax) throw tooMany()
  }
  return placed
}

/** A link that leads out of a folder that is copied leads to the same place from its copy. */
function moved(file: TreeFile, path: string, below: string): TreeFile {
  if (file.linkTarget === undefined || below === '') return file
  const target = posix.join(posix.dirname(file.path), file.linkTarget)
  if (target.startsWith(`${below}/`)) return file
  return { ...file, linkTarget: posix.relative(posix.dirname(path), target) }
}

function foldersOf(files: readonly TreeFile[]): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const { path } of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (folders.has(path.slice(0, end))) break
      folders.add(path.slice(0, end))
    }
  }
  return folders
}

/** node_modules/name or node_modules/@scope/name, at any depth. */
function isDependency(path: string): boolean {
  return /(^|\/)node_modules\/(@[^/]+\/)?[^/@.][^/]*$/.test(path)
}

/** Whether the same folder stands under the same name in a node_modules further up. */
function isAbove({ at, target }: Link, copies: ReadonlyMap<string, string>): boolean {
  const [, above = '', name = ''] = /^(.*?)\/?node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(at) ?? []
  for (let folder = above; folder !== ''; ) {
    folder = folder.includes('/') ? posix.dirname(folder) : ''
    if (copies.get(posix.join(folder, 'node_modules', name)) === target) return true
  }
  return false
}

function tooMany(): PacklineError {
  return failed('UNPACKED_TOO_LARGE', nodejsFailures.tooManyLinked(LIMITS.archiveEntriesMax))
}
