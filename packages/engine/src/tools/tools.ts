import type { RuntimeName } from '@packline/shared'
import { runTool } from '../process/run.ts'
import { findIsolation } from '../process/sandbox.ts'
import { findJava } from './find-java.ts'
import { findNative } from './find-native.ts'
import { findNode } from './find-node.ts'
import { findPythons } from './find-pythons.ts'
import type { Tools } from './tool.ts'

export { missing } from './missing.ts'
export { lacksOf, queuesOf } from './queues.ts'
export type { Jdk, Python, Tool, Tools } from './tool.ts'

interface ToolSearch {
  /** PATH of the worker. */
  path: string
  /** Home folder, where nvm, pyenv, uv and sdkman keep theirs. */
  home: string
  /** A command line that builds one event function looks for no more than that takes. */
  only?: RuntimeName
}

/** What builds and loads of a runtime's event functions are done with. */
const CHAINS: Record<RuntimeName, readonly ('node' | 'python' | 'java' | 'native')[]> = {
  nodejs: ['node'],
  python: ['python'],
  java: ['java'],
  // zig may come as a Python package.
  go: ['native', 'python'],
  // What a Makefile or a command of the request may start.
  custom: ['native'],
}

/** Which tool chains this worker has. A tool that does not answer within 15 s counts as missing. */
export async function findTools({ only, ...search }: ToolSearch): Promise<Tools> {
  // The machine's own programs are trusted, and asked before anyone knows what to bind for them.
  const run = runTool(await findIsolation({ unsandboxed: true }))
  const nowhere = { path: '', home: '/nonexistent' }
  const [node, python, java, native] = await Promise.all([
    findNode(run, isWanted('node') ? search : nowhere),
    isWanted('python') ? findPythons(run, search) : { pythons: [] },
    isWanted('java') ? findJava(run, search) : { jdks: [] },
    findNative(run, isWanted('native') ? search : nowhere),
  ])
  return { ...node, ...python, ...java, ...native }

  function isWanted(chain: (typeof CHAINS)[RuntimeName][number]): boolean {
    return only === undefined || CHAINS[only].includes(chain)
  }
}
