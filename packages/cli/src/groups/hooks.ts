import { HOOK_PROVIDERS } from '@packline/shared'
import { type Command, Option } from 'commander'
import { more } from './option-values.ts'
import type { Run } from './run.ts'

/** Which pushes build what. */
export function hookCommands(program: Command, run: Run): void {
  const load = () => import('../commands/hooks.ts')
  const hooks = program.command('hooks').description('Builds what is pushed to git repositories.')
  hooks
    .command('list')
    .description('Lists them.')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).listHooks))
  hooks
    .command('show')
    .description('Shows one, and what came of its last deliveries.')
    .argument('<hook>', 'its id')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).showHook))
  hooks
    .command('add')
    .description('Adds one, and prints where the git server is to deliver, with which secret.')
    .argument('<repository>', 'the address git clones from')
    .addOption(new Option('--provider <name>').choices(HOOK_PROVIDERS).makeOptionMandatory())
    .option('--branch <pattern>', 'these branches; once for each (default: all)', more, [])
    .option('--tag <pattern>', 'these tags; once for each (default: none)', more, [])
    .option('--manifest <path>', 'of the functions, in the repository (default: packline.yaml)')
    .option('--credential <name>', 'to clone with (default: that of the host, if there is one)')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).addHook))
  hooks
    .command('remove')
    .description('Removes one.')
    .argument('<hook>', 'its id')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).removeHook))
  hooks
    .command('redeliver')
    .description('Works a delivery off once more.')
    .argument('<hook>', 'its id')
    .argument('<delivery>', 'its id')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).redeliver))
}
