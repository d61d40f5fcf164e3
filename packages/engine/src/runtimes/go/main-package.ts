import { setImmediate } from 'node:timers/promises'
import type { Words } from '@packline/shared'
import { failed, type PacklineError } from '@packline/shared'
import { goMainFailures, THE_ROOT, wantedMain } from '../../texts/failures/go-main.ts'
import type { Tree, TreeFile } from '../../tree.ts'
import { andMore, joined, listed, NO_FILE, verbatim } from '../../words.ts'
import { type BuildTarget, isBuilt } from './constraint.ts'
import { type Outline, outlineOf } from './outline.ts'

/** Longer files hold embedded bytes, not handlers; nor are more files and bytes looked into. */
const FILE_BYTES_MAX = 1024 * 1024
const ALL_BYTES_MAX = 4 * 1024 * 1024
const FILES_MAX = 5000

/** The package that is compiled. */
export interface MainPackage {
  /** Folder in the tree; empty for the root. */
  folder: string
  files: readonly { path: string; outline: Outline }[]
  /** Whether all of its files were read. */
  isWhole: boolean
}

/** Where it is looked for, and for what it is compiled. */
export interface Search {
  /** The plugin's or executable's name; undefined for HTTP functions. */
  name: string | undefined
  /** The folder that the request names (build.module); empty for the whole source. */
  below: string
  target: BuildTarget
}

/**
 * The main package at the root of what is searched, else cmd/NAME as Go projects lay it out, else
 * the only one there is. Throws ENTRY_MISSING with what was found instead.
 */
export async function findMainPackage(tree: Tree, search: Search): Promise<MainPackage> {
  const { name, below, target } = search
  const all = tree.files.filter(isSource)
  const files = all.filter(({ path }) => isBelow(path, below)).slice(0, FILES_MAX)
  if (files.length === 0) throw noCode(tree, below, all)
  const folders = [...new Set(files.map((file) => folderOf(file.path)))]
  const first = [below, ...(name === undefined ? [] : [inside(below, `cmd/${name}`)])]
  for (const folder of first) {
    const found = await readPackage(tree, folder, files, target)
    if (isMain(found)) return found
  }
  const mains: MainPackage[] = []
  for (const folder of folders.filter((one) => !first.includes(one))) {
    const found = await readPackage(tree, folder, files, target)
    if (isMain(found)) mains.push(found)
  }
  const [only] = mains
  if (only && mains.length === 1) return only
  throw noMain(files, mains, search)
}

function isSource({ path }: TreeFile): boolean {
  const parts = path.split('/')
  // The go command leaves out the same folders and files.
  if (parts.some((part) => /^[._]/.test(part) || part === 'testdata' || part === 'vendor')) {
    return false
  }
  return path.endsWith('.go') && !path.endsWith('_test.go')
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`)
}

function inside(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

async function readPackage(
  tree: Tree,
  folder: string,
  files: readonly TreeFile[],
  target: BuildTarget,
): Promise<MainPackage> {
  const here = files.filter((file) => folderOf(file.path) === folder)
  const short = here.filter(({ size }) => size <= FILE_BYTES_MAX)
  const read: { path: string; outline: Outline }[] = []
  let bytes = 0
  for (const { path, size } of short) {
    bytes += size
    if (bytes > ALL_BYTES_MAX) return { folder, files: read, isWhole: false }
    const text = (await tree.read(path, FILE_BYTES_MAX)).toString('utf8')
    const outline = outlineOf(text)
    if (isBuilt(path, outline, target)) read.push({ path, outline })
    // A megabyte takes some 100 ms: others get their turn in between.
    await setImmediate()
  }
  return { folder, files: read, isWhole: short.length === here.length }
}

function isMain({ files }: MainPackage): boolean {
  return files.some(({ outline }) => outline.package === 'main')
}

function noCode(tree: Tree, below: string, all: readonly TreeFile[]): PacklineError {
  if (below !== '' && all.length > 0) {
    const folders = [...new Set(all.map(({ path }) => folderOf(path)))]
    return failed('ENTRY_MISSING', goMainFailures.noCodeBelow(below, shownFolders(folders)))
  }
  const root = [...new Set(tree.files.map(({ path }) => path.split('/')[0] ?? path))]
  const found = root.length === 0 ? NO_FILE : listed(root, SHOWN_MAX)
  return failed('ENTRY_MISSING', goMainFailures.noCode(found))
}

function noMain(
  files: readonly TreeFile[],
  mains: readonly MainPackage[],
  { name, below }: Search,
): PacklineError {
  const wanted = wantedMain(below, name && inside(below, `cmd/${name}`))
  if (mains.length > 1) {
    const folders = listed(
      mains.map(({ folder }) => folder),
      SHOWN_MAX,
    )
    return failed('ENTRY_MISSING', goMainFailures.severalMains(wanted, folders))
  }
  const found = listed(
    files.map(({ path }) => path),
    SHOWN_MAX,
  )
  return failed('ENTRY_MISSING', goMainFailures.noMain(wanted, found))
}

const SHOWN_MAX = 8

function shownFolders(folders: readonly string[]): Words {
  const some = folders.slice(0, SHOWN_MAX)
  const named = joined(
    some.map((folder) => (folder === '' ? THE_ROOT : verbatim(folder))),
    ',',
  )
  const more = andMore(folders.length - some.length)
  return { en: `${named.en}${more.en}`, zh: `${named.zh}${more.zh}` }
}
