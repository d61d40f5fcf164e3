import { RUNTIME_NAMES } from '@packline/shared'
import { type Command, Option } from 'commander'
import { draftCommands } from './drafts.ts'
import { packing, settling } from './function-options.ts'
import { more, wholeNumber } from './option-values.ts'
import { packageCommands } from './packages.ts'
import type { Run } from './run.ts'
import { addressed, SOURCES, sourceAs, waiting } from './source-options.ts'

const KEPT_MAX = 100_000
const DAYS_MAX = 36_500

/** Functions that a server knows: what they are, their online files, their packages. */
export function functionCommands(program: Command, run: Run): void {
  const load = () => import('../commands/functions/look.ts')
  const functions = program
    .command('functions')
    .summary('functions that a server knows, their online files and packages')
    .description('Registers functions, edits their online files, builds and numbers packages.')
  functions
    .command('list')
    .description('Lists them.')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).listFunctions))
  functions
    .command('show')
    .description('Shows what one is, its files and its packages.')
    .argument('<function>', 'its name')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).showFunction))
  putCommand(functions, run)
  functions
    .command('delete')
    .description('Deletes one with its online files; its packages stay.')
    .argument('<function>', 'its name')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).deleteFunction))
  waiting(addressed(functions.command('build')))
    .summary('build the online files, or another source')
    .description('Builds the online files, or another source, with the settings of the function.')
    .argument('<function>', 'its name')
    .argument('[source]', SOURCES)
    .addOption(sourceAs())
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/functions/build.ts')).buildFunction))
  draftCommands(functions, run)
  packageCommands(functions, run)
}

function putCommand(functions: Command, run: Run): void {
  const settings = settling(functions.command('put').addOption(runtime()))
  packing(settings)
    .summary('register a function, or say anew what it is')
    .description('Registers a function, or says anew what it is: what is not said is not set.')
    .argument('<function>', 'its name')
    .option('--dependency <name>', 'a dependency package, or name@revision', more, [])
    .option('--label <name=value>', 'of each build; once for each', more, [])
    .addOption(manifest(settings))
    .option('--description <text>', 'what it is for')
    .option('--keep-count <number>', 'keep so many packages', (text) => wholeNumber(text, KEPT_MAX))
    .option('--keep-days <number>', 'keep them so long', (text) => wholeNumber(text, DAYS_MAX))
    .option('--template', 'first files, where it has none yet')
    .action(run(async () => (await import('../commands/functions/put.ts')).putFunction))
}

function runtime(): Option {
  return new Option('--runtime <name>', 'what runs it').choices(RUNTIME_NAMES)
}

/** In place of all options that say the same. */
function manifest({ options }: Command): Option {
  const others = options.map((option) => option.attributeName())
  return new Option('--manifest <path>', 'as this packline.yaml lists it').conflicts(
    others.filter((name) => name !== 'json'),
  )
}
