import { posix } from 'node:path'
import type { Tree } from '../../tree.ts'
import { readDirectives } from './directives.ts'
import type { Module } from './module.ts'

/** Where go.mod asks for each module. */
export async function placesAsked(
  tree: Tree,
  module: Module | undefined,
): Promise<Record<string, string>> {
  if (!module) return {}
  const path = posix.join(module.folder, 'go.mod')
  const required = (await readDirectives(tree, path)).filter(({ verb }) => verb === 'require')
  return Object.fromEntries(required.map(({ words, line }) => [words[0] ?? '', `${path}:${line}`]))
}
