import { setImmediate } from 'node:timers/promises'
import { PacklineError } from '@packline/shared'
import type { Tree, TreeFile } from '../../tree.ts'
import { type Declaration, type Outline, outlineOf } from './outline.ts'

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

/**
 * The main package at the root, else cmd/NAME as Go projects lay it out, else the only one there
 * is. Throws ENTRY_MISSING with what was found instead.
 */
export async function findMainPackage(tree: Tree, name: string | undefined): Promise<MainPackage> {
  const files = tree.files.filter(isSource).slice(0, FILES_MAX)
  if (files.length === 0) throw noCode(tree)
  const folders = [...new Set(files.map((file) => folderOf(file.path)))]
  const first = ['', ...(name === undefined ? [] : [`cmd/${name}`])]
  for (const folder of first) {
    const found = await readPackage(tree, folder, files)
    if (isMain(found)) return found
  }
  const mains: MainPackage[] = []
  for (const folder of folders.filter((one) => !first.includes(one))) {
    const found = await readPackage(tree, folder, files)
    if (isMain(found)) mains.push(found)
  }
  const [only] = mains
  if (only && mains.length === 1) return only
  throw noMain(files, mains, name)
}

/**
 * A plugin's symbol must be a function or variable of the main package. Throws ENTRY_MISSING
 * before anything is compiled, naming what is there.
 */
export function checkSymbol(main: MainPackage, symbol: string): void {
  const declared = main.files.flatMap(({ path, outline }) =>
    outline.declarations.map((declaration) => ({ ...declaration, path })),
  )
  if (!main.isWhole || declared.some(({ name }) => name === symbol)) return
  const exported = declared.filter(({ name }) => /^\p{Lu}/u.test(name))
  const nearly = declared.find(({ name }) => name.toLowerCase() === symbol.toLowerCase())
  const files = main.files.map(({ path }) => path).join(', ')
  const found =
    exported.length === 0 ? 'no exported one' : exported.slice(0, 8).map(place).join(', ')
  throw new PacklineError(
    'ENTRY_MISSING',
    `expected a function ${symbol} in package main (${files}); found ${found}`,
    {
      hint: nearly
        ? `${place(nearly)} is spelt differently: rename it, only upper-case names are exported.`
        : `Add \`func ${symbol}(...)\` at the top level, or name another symbol in the handler.`,
    },
  )
}

function place({ name, line, path }: Declaration & { path: string }): string {
  return `${name} (${path}:${line})`
}

function isSource({ path }: TreeFile): boolean {
  const parts = path.split('/')
  // The go command leaves out the same folders and files.
  if (parts.some((part) => /^[._]/.test(part) || part === 'testdata' || part === 'vendor')) {
    return false
  }
  return path.endsWith('.go') && !path.endsWith('_test.go')
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

async function readPackage(
  tree: Tree,
  folder: string,
  files: readonly TreeFile[],
): Promise<MainPackage> {
  const here = files.filter((file) => folderOf(file.path) === folder)
  const short = here.filter(({ size }) => size <= FILE_BYTES_MAX)
  const read: { path: string; outline: Outline }[] = []
  let bytes = 0
  for (const { path, size } of short) {
    bytes += size
    if (bytes > ALL_BYTES_MAX) return { folder, files: read, isWhole: false }
    const text = (await tree.read(path, FILE_BYTES_MAX)).toString('utf8')
    read.push({ path, outline: outlineOf(text) })
    // A megabyte takes some 100 ms: others get their turn in between.
    await setImmediate()
  }
  const taken = read.filter(({ outline }) => !outline.ignored)
  return { folder, files: taken, isWhole: short.length === here.length }
}

function isMain({ files }: MainPackage): boolean {
  return files.some(({ outline }) => outline.package === 'main')
}

function noCode(tree: Tree): PacklineError {
  const root = tree.files.map(({ path }) => path.split('/')[0] ?? path)
  const found = [...new Set(root)].slice(0, 8).join(', ')
  return new PacklineError('ENTRY_MISSING', `expected Go code, found ${found || 'no file'}`, {
    hint: 'When it is compiled already, set source.as to "package".',
  })
}

function noMain(
  files: readonly TreeFile[],
  mains: readonly MainPackage[],
  name: string | undefined,
): PacklineError {
  const wanted = `expected "package main" at the root${name ? ` or in cmd/${name}` : ''}`
  if (mains.length > 1) {
    const folders = mains.map(({ folder }) => folder).join(', ')
    return new PacklineError('ENTRY_MISSING', `${wanted}; found it in ${folders}`, {
      hint: 'Name the handler after one of the folders below cmd, or set the source path to it.',
    })
  }
  const shown = files
    .slice(0, 5)
    .map(({ path }) => path)
    .join(', ')
  return new PacklineError('ENTRY_MISSING', `${wanted}; found none in ${shown}`, {
    hint: 'A library can not be packed: add a main package with the handler.',
  })
}
