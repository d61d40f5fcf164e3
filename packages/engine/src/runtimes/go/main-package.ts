import { setImmediate } from 'node:timers/promises'
import { PacklineError } from '@packline/shared'
import type { Tree, TreeFile } from '../../tree.ts'
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
    const folders = [...new Set(all.map(({ path }) => folderOf(path) || 'the root'))]
    return new PacklineError(
      'ENTRY_MISSING',
      `build.module is "${below}", where no Go code is; there is some in ${shown(folders)}`,
      { hint: 'Name the folder of package main, or of the go.mod above it.' },
    )
  }
  const root = tree.files.map(({ path }) => path.split('/')[0] ?? path)
  const found = shown([...new Set(root)])
  return new PacklineError('ENTRY_MISSING', `expected Go code, found ${found || 'no file'}`, {
    hint: 'When it is compiled already, set source.as to "package".',
  })
}

function noMain(
  files: readonly TreeFile[],
  mains: readonly MainPackage[],
  { name, below }: Search,
): PacklineError {
  const root = below === '' ? 'at the root' : `in ${below}`
  const wanted = `expected "package main" ${root}${name ? ` or in ${inside(below, `cmd/${name}`)}` : ''}`
  if (mains.length > 1) {
    const folders = shown(mains.map(({ folder }) => folder))
    return new PacklineError('ENTRY_MISSING', `${wanted}; found it in ${folders}`, {
      hint: 'Set build.module to one of them, or name the handler after one of those below cmd.',
    })
  }
  const found = shown(files.map(({ path }) => path))
  return new PacklineError('ENTRY_MISSING', `${wanted}; found none in ${found}`, {
    hint: 'A library can not be packed: add a main package with the handler.',
  })
}

function shown(names: readonly string[]): string {
  const more = names.length > 8 ? ` and ${names.length - 8} more` : ''
  return `${names.slice(0, 8).join(', ')}${more}`
}
