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

export interface ToolSearch {
  /** PATH of the worker. */
  path: string
  /** Home folder, where nvm, pyenv, uv and sdkman keep theirs. */
  home: string
}

/** Which tool chains this worker has. A tool that does not answer within 15 s counts as missing. */
export async function findTools(search: ToolSearch): Promise<Tools> {
  // The machine's own programs are trusted, and asked before anyone knows what to bind for them.
  const run = runTool(await findIsolation({ unsandboxed: true }))
  const [node, python, java, native] = await Promise.all([
    findNode(run, search),
    findPythons(run, search),
    findJava(run, search),
    findNative(run, search),
  ])
  return { ...node, ...python, ...java, ...native }
}
