import { type Command, Option } from 'commander'
import { wholeNumber } from './option-values.ts'
import type { Run } from './run.ts'
import { entryNameEncoding } from './source-options.ts'

const VERSION_MAX = Number.MAX_SAFE_INTEGER

/** The online files of a function: one by one, or all of them as a folder or a ZIP. */
export function draftCommands(functions: Command, run: Run): void {
  fileCommands(functions, run)
  functions
    .command('pull')
    .summary('the online files as a folder')
    .description(
      'Writes the online files into a folder, and remembers there which version they are. What was\n' +
        'changed there alone stays; what was changed here and there stops it.',
    )
    .argument('<function>', 'its name')
    .argument('<folder>', 'where they go')
    .option('--force', 'write over what was changed here')
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/functions/pull.ts')).pull))
  functions
    .command('push')
    .summary('a folder in place of the online files')
    .description(
      'Puts a folder in place of the online files, all or nothing. What others have changed since it\n' +
        'was pulled is told, and nothing is written over.',
    )
    .argument('<function>', 'its name')
    .argument('<folder>', 'with its files')
    .addOption(over())
    .option('--json', 'print JSON')
    .action(run(async () => (await import('../commands/functions/push.ts')).push))
  changing(functions.command('import'))
    .summary('the files of a ZIP in place of the online files')
    .description('Puts the files of a ZIP in place of the online files, all or nothing.')
    .argument('<function>', 'its name')
    .argument('<zip>', 'a file here')
    .addOption(entryNameEncoding())
    .action(run(async () => (await import('../commands/functions/import.ts')).importZip))
}

function fileCommands(functions: Command, run: Run): void {
  const load = () => import('../commands/functions/files.ts')
  const files = functions
    .command('files')
    .description('Lists, reads, writes, removes and moves online files.')
  files
    .command('ls')
    .description('Lists them, with the version of them all.')
    .argument('<function>', 'its name')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).listFiles))
  files
    .command('cat')
    .description('Prints one.')
    .argument('<function>', 'its name')
    .argument('<path>', 'of the file')
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).catFile))
  changing(files.command('put'))
    .description('Writes one, by a file here or the standard input.')
    .argument('<function>', 'its name')
    .argument('<path>', 'of the file there')
    .argument('[file]', 'here (default: the standard input)')
    .option('--executable', 'it may be run (default: as the file here, or as it was)')
    .option('--no-executable', 'it may not')
    .action(run(async () => (await load()).putFile))
  files
    .command('rm')
    .description('Removes a file, or a folder with all that is in it.')
    .argument('<function>', 'its name')
    .argument('[path]', 'of the file or folder')
    .option('--all', 'all that there are')
    .addOption(over())
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).removeFile))
  files
    .command('mv')
    .description('Renames or moves a file or folder.')
    .argument('<function>', 'its name')
    .argument('<from>', 'its path')
    .argument('<to>', 'at which nothing stands yet')
    .addOption(over())
    .option('--json', 'print JSON')
    .action(run(async () => (await load()).moveFile))
}

/** What is there already is changed only by who says to have seen it, or not to care. */
function changing(command: Command): Command {
  return command
    .addOption(over())
    .addOption(new Option('--force', 'whatever is there').conflicts('over'))
    .option('--json', 'print JSON')
}

function over(): Option {
  return new Option('--over <version>', 'only if the online files have this version').argParser(
    (text) => wholeNumber(text, VERSION_MAX),
  )
}
