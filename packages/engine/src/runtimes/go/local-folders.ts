import { posix } from 'node:path'
import { failed } from '@packline/shared'
import { goFailures } from '../../texts/failures/go.ts'
import type { Tree } from '../../tree.ts'
import { type Directive, readDirectives } from './directives.ts'

/** Throws MANIFEST_INVALID where go.mod or go.work names a folder that the source does not have. */
export async function checkFolders(tree: Tree, file: string): Promise<void> {
  for (const directive of await readDirectives(tree, file)) {
    const folder = folderIn(directive)
    if (folder === undefined || isThere(tree, placeOf(file, folder))) continue
    const { verb, words, line } = directive
    const replaced = verb === 'use' ? undefined : words[0]
    const found = goFailures.localFolder(`${file}:${line}`, replaced, folder)
    throw failed('MANIFEST_INVALID', found)
  }
}

/** Where a folder lies in the tree that a file names from its own place; empty for the root. */
export function placeOf(file: string, folder: string): string {
  if (posix.isAbsolute(folder)) return folder
  const path = posix.join(posix.dirname(file), folder).replace(/\/$/, '')
  return path === '.' ? '' : path
}

/** `use ./a`, or what stands in for a module: `replace example.com/a v1.0.0 => ../a`. */
function folderIn({ verb, words }: Directive): string | undefined {
  if (verb === 'use') return words[0]
  const target = verb === 'replace' ? (words[words.indexOf('=>') + 1] ?? '') : ''
  return /^(\.\.?(\/|$)|\/)/.test(target) ? target : undefined
}

function isThere({ files }: Tree, folder: string): boolean {
  return folder === '' || files.some(({ path }) => path.startsWith(`${folder}/`))
}
