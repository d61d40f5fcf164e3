import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { checkProgram } from './check-program.ts'
import { commandStage } from './command-stage.ts'
import { makefileStage } from './makefile.ts'

/**
 * The request's command, else a Makefile's target where there is no bootstrap yet; without either
 * nothing is run. Throws ENTRY_MISSING, MANIFEST_INVALID, TOOL_MISSING before anything is started.
 */
export async function plan(tree: Tree, order: Order): Promise<readonly Stage[]> {
  const { command } = order.request.build
  if (command) {
    await checkProgram(tree, command)
    // The shell says what it does not find: a slip of the user's, and no tool that we need.
    const argv = [order.tools.sh.path, '-c', 'exec "$@"', 'sh', ...command]
    return [commandStage('build.command', argv, 'the request says so', order)]
  }
  if (tree.find('bootstrap') || !tree.find('Makefile')) return []
  return [await makefileStage(tree, order)]
}
