import { RUNTIME_NAMES } from '@packline/shared'
import { Argument, type Command, Option } from 'commander'
import { SHELLS } from '../completion/shells.ts'
import type { Run } from './run.ts'

/** What one begins with: init, doctor, completion. */
export function setUpCommands(program: Command, run: Run): void {
  program
    .command('init')
    .summary('write the first files of a function')
    .description('Writes the first files of a function into a folder; none is written over.')
    .argument('[folder]', 'an empty folder, or one to be made', '.')
    .addOption(new Option('--runtime <name>').choices(RUNTIME_NAMES).makeOptionMandatory())
    .addOption(new Option('--type <type>').choices(['event', 'http']).default('event'))
    .option('--runtime-version <version>', "such as 20.15 (default: the profile's)")
    .option('--profile <profile>', 'platform profile: a name or a file', 'ctyun-functiongraph')
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/init.ts')).init))
  program
    .command('doctor')
    .summary('what this machine and the server have, and what mends the rest')
    .description('Looks at each tool chain, the sandbox, Redis, the store and the server.')
    .option('--profile <profile>', 'platform profile: a name or a file', 'ctyun-functiongraph')
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/doctor.ts')).doctor))
  program
    .command('completion')
    .summary('a script that completes commands in a shell')
    .description('Prints a script for a shell, such as: source <(packline completion bash)')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(
      run(async () => {
        const { completion } = await import('../commands/completion.ts')
        return (terminal, shell: (typeof SHELLS)[number]) => completion(terminal, program, shell)
      }),
    )
}
