import type { Command } from 'commander'
import { more } from './option-values.ts'
import type { Run } from './run.ts'

/** Many builds at once. */
export function batchCommands(program: Command, run: Run): void {
  program
    .command('batch')
    .summary('ask a server for all functions of a packline.yaml')
    .description('Sends the functions that a manifest lists as one batch, and prints its id.')
    .argument(
      '[manifest]',
      'packline.yaml, the folder it lies in, or git+https://...#ref',
      'packline.yaml',
    )
    .option('--only <function>', 'these of them; once for each', more, [])
    .option('--since <commit>', 'git: those that changed since this commit')
    .option('--path <folder>', 'git: the folder of the manifest')
    .option('--label <name=value>', 'for lists; once for each', more, [])
    .option('--wait', 'until all have ended; exits with 0 when all succeeded')
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/batch.ts')).batch))
}
