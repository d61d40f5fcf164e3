import { AUDIT_KINDS, SCOPES } from '@packline/shared'
import { type Command, Option } from 'commander'
import { moment, wholeNumber } from './option-values.ts'
import type { Run } from './run.ts'

const DAYS_MAX = 3650
const LISTED_MAX = 100_000

/** Who may ask the server, and who did what there; all of it needs a key with the scope admin. */
export function keyCommands(program: Command, run: Run): void {
  const load = () => import('../commands/keys.ts')
  const keys = program.command('keys').description('Gives and takes keys of the server.')
  keys
    .command('list')
    .description('Lists them, and when each was used last.')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).listKeys))
  keys
    .command('create')
    .description('Makes one and prints it: it is not shown again.')
    .argument('<name>', 'who or what has it')
    .addOption(
      new Option('--scope <scope>', 'read, build (and read), admin (and both)')
        .choices(SCOPES)
        .default('build'),
    )
    .option('--days <count>', 'for so long (default: until it is revoked)', (text) =>
      wholeNumber(text, DAYS_MAX),
    )
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).createKey))
  keys
    .command('revoke')
    .description('Takes one back: at once, also from what is being sent to it.')
    .argument('<key>', 'its id')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).revokeKey))
  program
    .command('audit-log')
    .summary('who did what on the server')
    .description('Lists who changed keys, hooks, functions and the like, and who took packages.')
    .addOption(new Option('--kind <kind>', 'only of these').choices(AUDIT_KINDS))
    .option('--since <time>', 'such as 2026-01-05 or 2026-01-05T08:00Z', moment)
    .option('--until <time>', 'without it: up to now', moment)
    .option('--limit <number>', 'at most so many', (text) => wholeNumber(text, LISTED_MAX), 50)
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).auditLog))
}
