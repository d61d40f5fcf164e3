import type { Command } from 'commander'
import { wholeNumber } from './option-values.ts'
import type { Run } from './run.ts'

const NUMBER_MAX = 999_999_999
const LISTED_MAX = 100_000

/** Packages of a function by their numbers, and the aliases that point to them. */
export function packageCommands(functions: Command, run: Run): void {
  const load = () => import('../commands/functions/packages.ts')
  functions
    .command('packages')
    .description('Lists packages with their numbers and aliases, newest first.')
    .argument('<function>', 'its name')
    .option('--limit <number>', 'at most so many', (text) => wholeNumber(text, LISTED_MAX), 20)
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).listPackages))
  functions
    .command('alias')
    .description('Points an alias to a package, or removes it.')
    .argument('<function>', 'its name')
    .argument('<alias>', 'such as stable; current moves with each build that succeeds')
    .argument('[number]', 'of the package', numbered)
    .option('--remove', 'remove the alias')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).alias))
  functions
    .command('rollback')
    .description('Points current to an older package, until the next build that succeeds.')
    .argument('<function>', 'its name')
    .argument('[number]', 'of the package (default: the one before)', numbered)
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).rollBack))
  functions
    .command('diff')
    .description('Says which files differ between two packages.')
    .argument('<function>', 'its name')
    .argument('<from>', 'a number or an alias')
    .argument('<to>', 'a number or an alias')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).diff))
}

function numbered(text: string): number {
  return wholeNumber(text, NUMBER_MAX)
}
