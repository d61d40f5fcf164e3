import { BUILD_STATES } from '@packline/shared'
import { type Command, Option } from 'commander'
import { describing, making } from './function-options.ts'
import { more, wholeNumber } from './option-values.ts'
import type { Run } from './run.ts'
import { addressed, SOURCES, waiting } from './source-options.ts'

const LISTED_MAX = 100_000

/** What is asked of a server of one build. */
export function buildCommands(program: Command, run: Run): void {
  submitCommand(program, run)
  program
    .command('status')
    .description('Says how a build or a batch stands.')
    .argument('<id>', 'of a build or a batch')
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/status.ts')).status))
  program
    .command('list')
    .description('Lists builds, newest first; all that is asked for must hold.')
    .addOption(new Option('--state <state>').choices(BUILD_STATES))
    .option('--function <name>')
    .option('--batch <id>')
    .option('--label <name=value>')
    .option('--limit <number>', 'at most so many', (text) => wholeNumber(text, LISTED_MAX), 20)
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/list.ts')).list))
  program
    .command('logs')
    .summary('what the tools of a build printed')
    .description('Prints what the tools of a build printed.')
    .argument('<id>', 'of a build')
    .option('-f, --follow', 'go on until the build has ended, and exit as it did')
    .option('--step', 'say each step and stage between the lines')
    .option('--errors', 'only the lines that look like errors, and why the build failed')
    .option('--json', 'print one JSON object a line')
    .action(run(async () => (await import('../commands/logs.ts')).logs))
  program
    .command('cancel')
    .description('Cancels a build, or what has not ended of a batch.')
    .argument('<id>', 'of a build or a batch')
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/cancel.ts')).cancel))
  waiting(program.command('retry'))
    .summary('ask for the same again')
    .description('Asks for the same build again, or for what failed of a batch.')
    .argument('[id]', 'of a build')
    .option('--failed <batch>', 'all builds of a batch that failed, as a new batch')
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/retry.ts')).retry))
  program
    .command('download')
    .summary('a package as a file')
    .description(
      "Writes a build's package to a file, whole and checked by its digest; of a batch all\n" +
        'packages as one ZIP.',
    )
    .argument('<id>', 'of a build or a batch')
    .option('-o, --output <path>', 'where it goes (default: FUNCTION.zip or FUNCTION.jar here)')
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/download.ts')).download))
}

function submitCommand(program: Command, run: Run): void {
  waiting(addressed(making(describing(program.command('submit')))))
    .summary('ask a server for a build')
    .description(
      'Asks a server for a build, and prints its id. A folder is sent without what .packlineignore\n' +
        'and the usual rules leave out; addresses are fetched by the server.',
    )
    .argument('<source>', SOURCES)
    .option('--dependency <name>', 'a dependency package, or name@revision', more, [])
    .action(run(async () => (await import('../commands/submit.ts')).submit))
}
