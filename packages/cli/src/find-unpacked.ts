import { join } from 'node:path'
import { type Environment, presentRedis, presentSandboxTool } from '@packline/setup'

/** The published command line is one bundled file, and what lies around that is not ours. */
const CLONE = import.meta.filename.endsWith('/packages/cli/src/find-unpacked.ts')
  ? join(import.meta.dirname, '../../..')
  : undefined

/**
 * bubblewrap as the environment names it, on PATH, or as `npm start` has unpacked it in the clone
 * that this runs from. Nothing is installed: a command line finds a sandbox or does without.
 */
export function findBwrap(environment: Environment, clone = CLONE): string | undefined {
  return environment.PACKLINE_BWRAP ?? presentSandboxTool(environment, unpackedIn(clone))
}

/** Likewise the Redis that a server of one's own starts. */
export function findRedisServer(environment: Environment, clone = CLONE): string | undefined {
  return presentRedis(environment, unpackedIn(clone))
}

function unpackedIn(clone: string | undefined): string | undefined {
  return clone && join(clone, '.local/debian')
}
