import { fileURLToPath } from 'node:url'
import type { Profile } from '@packline/shared'
import type { Bind } from '../process/command.ts'
import type { Tool } from '../tools/tools.ts'

/** Where a loader's file lies when the worker's Node.js, or another one, runs it. */
export function insideOf(name: string): string {
  return `/packline/${name}`
}

/** A loader's own files, which lie beside `from`, and what the Node.js that runs it needs. */
export function loaderBinds(names: readonly string[], from: string, node: Tool): Bind[] {
  return [
    ...names.map((name) => ({ from: fileURLToPath(new URL(name, from)), to: insideOf(name) })),
    ...node.binds.map((path) => ({ from: path, to: path })),
  ]
}

/** The environment of a program that the platform starts, as far as any of its runtimes says. */
export function platformEnvironment({ codeRoot }: Profile): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C.UTF-8',
    RUNTIME_CODE_ROOT: codeRoot,
  }
}
