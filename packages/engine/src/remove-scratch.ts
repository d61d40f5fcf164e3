import { rm } from 'node:fs/promises'
import type { BuildContext } from './context.ts'
import { BUILD } from './package.ts'
import type { Slot } from './process/isolation.ts'
import { runTool } from './process/run.ts'

/** A tree of some hundred thousand files takes seconds on a slow disk. */
const REMOVE_MS_MAX = 120_000

/**
 * Removes a build's scratch, whatever the build left there. Folders without rights and trees deeper
 * than a path may be long are beyond what Node.js can remove: for them the system's tools are run
 * as the build's own user.
 */
export async function removeScratch(
  root: string,
  slot: Slot | undefined,
  context: BuildContext,
): Promise<void> {
  const remove = () => rm(root, { recursive: true, force: true, maxRetries: 3 })
  try {
    await remove()
  } catch (error) {
    // Nothing that the worker itself writes is hard to remove.
    if (!slot) throw error
    await run(['/bin/chmod', '-R', 'u+rwX', BUILD.root], root, slot, context)
    await run(['/usr/bin/find', BUILD.root, '-mindepth', '1', '-delete'], root, slot, context)
    await remove()
  }
}

/** How it ends does not matter: whether the folder can be removed then tells. */
async function run(
  argv: readonly string[],
  root: string,
  slot: Slot,
  { isolation }: BuildContext,
): Promise<void> {
  const binds = [{ from: root, to: BUILD.root, writable: true }]
  // The build's own signal may be what ended it.
  const signal = AbortSignal.timeout(REMOVE_MS_MAX)
  const limits = { timeoutMs: REMOVE_MS_MAX, outputBytesMax: Number.POSITIVE_INFINITY }
  const command = { argv, cwd: BUILD.root, env: {}, network: 'none', binds } as const
  await runTool(isolation)(command, { signal, slot, removes: true, ...limits })
}
