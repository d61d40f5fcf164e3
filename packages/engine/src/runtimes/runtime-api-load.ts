import type { Words } from '@packline/shared'
import { PROOFS } from '../texts/verdict.ts'
import { insideOf, loaderBinds, platformEnvironment } from './node-loader.ts'
import type { LoadCheck, Subject } from './runtime.ts'

const PROBE = 'runtime-api-probe.mjs'
const FILES = [PROBE, 'probe-teller.mjs']

/**
 * A program that asks the platform for its work is started and given the request's test event.
 * Without one there is nothing to give, and what the file is has to be proof enough.
 */
export function runtimeApiLoad(
  program: string,
  { profile, tools: { node } }: Subject,
  doubt?: Words,
): LoadCheck {
  return {
    kind: 'command',
    argv: [node.path, insideOf(PROBE), program],
    env: platformEnvironment(profile),
    binds: loaderBinds(FILES, import.meta.url, node),
    loadedBy: PROOFS.itself(program),
    same: doubt === undefined,
    because: doubt,
    fenced: true,
  }
}
