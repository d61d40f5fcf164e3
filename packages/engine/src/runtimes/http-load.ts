import { fileURLToPath } from 'node:url'
import type { LoadCheck, Subject } from './runtime.ts'

const PROBE = fileURLToPath(new URL('http-probe.mjs', import.meta.url))

/** HTTP functions: `bootstrap` is started and must answer on the profile's port of loopback. */
export function httpLoad({ profile, tools }: Subject): LoadCheck {
  const { node } = tools
  return {
    kind: 'command',
    argv: [node.path, '/packline/http-probe.mjs', String(profile.httpPort)],
    binds: [
      { from: PROBE, to: '/packline/http-probe.mjs' },
      ...node.binds.map((path) => ({ from: path, to: path })),
    ],
    loadedBy: 'its own bootstrap',
    same: true,
  }
}
