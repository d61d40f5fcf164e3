import { posix } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Tree, TreeFile } from '../../tree.ts'
import { outlineOf } from './outline.ts'

/** Nobody writes longer ones; generated tables come near to it. */
const FILE_BYTES_MAX = 16 * 1024 * 1024
/** Of all files that are taken apart; a megabyte takes some 100 ms. */
const OUTLINES_BYTES_MAX = 4 * 1024 * 1024

/** Of the standard assembler: a name without a folder, and nothing that only a program reads. */
const PLAIN_INCLUDE = /^[ \t]*#include[ \t]+"([^"\\/\n]+)"/gm

interface Search {
  /** Whether C is compiled at all: without it the go command leaves such files out. */
  withC: boolean
  /** What all files are called, without their folders. */
  names: ReadonlySet<string>
  outlinesBytesLeft: number
}

/**
 * A file that may have others compiled in which Go's build cache knows nothing of, or undefined:
 * its key holds the files of a package's own folder alone, while C and assembler include headers
 * from anywhere, and each source lies at the same place. Which build tags hold does not matter:
 * a file that can not be told counts. `trees`: all that is compiled, but for modules of the module
 * cache, which never change.
 */
export async function fileBeyondKey(
  trees: readonly Tree[],
  { withC }: { withC: boolean },
): Promise<string | undefined> {
  const names = new Set(trees.flatMap(({ files }) => files.map(({ path }) => posix.basename(path))))
  const search: Search = { withC, names, outlinesBytesLeft: OUTLINES_BYTES_MAX }
  for (const tree of trees) {
    for (const file of tree.files) if (await counts(tree, file, search)) return file.path
  }
  return undefined
}

async function counts(tree: Tree, file: TreeFile, search: Search): Promise<boolean> {
  const { path, size, linkTarget } = file
  const isGo = search.withC && path.endsWith('.go') && !path.endsWith('_test.go')
  const isAssembler = path.endsWith('.s')
  // The go command calls SWIG for these, and C's compiler for what that makes.
  if (search.withC && /\.swig(?:cxx)?$/.test(path)) return true
  if (!isGo && !isAssembler) return false
  if (linkTarget !== undefined || size > FILE_BYTES_MAX) return true
  const bytes = await tree.read(path, FILE_BYTES_MAX)
  return isGo ? importsC(bytes, search) : includes(bytes, search)
}

/** Few files have it anywhere in them, which is found out much faster than what they import. */
async function importsC(bytes: Buffer, search: Search): Promise<boolean> {
  if (!bytes.includes('"C"')) return false
  search.outlinesBytesLeft -= bytes.length
  if (search.outlinesBytesLeft < 0) return true
  // Others get their turn in between.
  await setImmediate()
  return outlineOf(bytes.toString('utf8')).imports.includes('C')
}

/** Go's own headers, such as textflag.h, are named plainly, and the source has none of the name. */
function includes(bytes: Buffer, { names }: Search): boolean {
  if (!bytes.includes('include')) return false
  const text = bytes.toString('utf8')
  const others = text.replace(PLAIN_INCLUDE, (whole, name) => (names.has(name) ? whole : ''))
  return others.includes('include')
}
