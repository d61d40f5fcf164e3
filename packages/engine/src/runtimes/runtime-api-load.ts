import { fileURLToPath } from 'node:url'
import type { LoadCheck, Subject } from './runtime.ts'

const FILES = ['runtime-api-probe.mjs', 'probe-teller.mjs']

/**
 * A program that asks the platform for its work is started and given the request's test event.
 * Without one there is nothing to give, and what the file is has to be proof enough.
 */
export function runtimeApiLoad(
  program: string,
  { profile, tools: { node } }: Subject,
  doubt?: string,
): LoadCheck {
  return {
    kind: 'command',
    argv: [node.path, `/packline/${FILES[0]}`, program],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      RUNTIME_CODE_ROOT: profile.codeRoot,
    },
    binds: [
      ...FILES.map((name) => {
        return { from: fileURLToPath(new URL(name, import.meta.url)), to: `/packline/${name}` }
      }),
      ...node.binds.map((path) => ({ from: path, to: path })),
    ],
    loadedBy: `${program} itself`,
    same: doubt === undefined,
    because: doubt,
    fenced: true,
  }
}
