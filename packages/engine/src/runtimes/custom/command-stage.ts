import { posix } from 'node:path'
import { BUILD } from '../../package.ts'
import type { Tool } from '../../tools/tools.ts'
import type { Order, Stage } from '../runtime.ts'

/** 1980-01-01, the oldest time that an entry of a ZIP can have. */
const SOURCE_DATE_EPOCH = '315532800'

/** A command of the user's own, which writes the package's files into PACKLINE_OUTPUT. */
export function commandStage(
  name: string,
  argv: readonly string[],
  because: string,
  { tools, request }: Order,
): Stage {
  const { make, cc, crossCc, go, zig, node } = tools
  const there = [make, cc, crossCc, go, zig, node].filter((tool) => tool !== undefined)
  return {
    name,
    argv,
    env: {
      HOME: BUILD.home,
      // For all commands of one build: what another build made is no good to trust.
      XDG_CACHE_HOME: `${BUILD.cache}/command`,
      PATH: pathOf(there),
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      // What compilers and archivers write in place of the time.
      SOURCE_DATE_EPOCH,
      PACKLINE_OUTPUT: BUILD.output,
      // The name by which Makefiles for AWS SAM know it.
      ARTIFACTS_DIR: BUILD.output,
      PACKLINE_ARCHITECTURE: request.architecture,
    },
    network: 'none',
    cache: 'build',
    tools: there,
    because,
    failure: 'COMPILE_FAILED',
  }
}

/** The system's own programs, and the worker's tool chains that stand elsewhere. */
function pathOf(tools: readonly Tool[]): string {
  const folders = tools.map(({ path }) => posix.dirname(path))
  return [...new Set([...folders, '/usr/local/bin', '/usr/bin', '/bin'])].join(':')
}
