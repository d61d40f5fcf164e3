import { type Command, Option } from 'commander'
import { more } from './option-values.ts'

export const SOURCES = 'a folder, a ZIP or JAR, s3://bucket/key, https://..., git+https://...'

/** How a source is addressed, and how its build is told from others. */
export function addressed(command: Command): Command {
  return command
    .option('--ref <ref>', 'git: branch, tag or commit (or after "#" in the address)')
    .option('--path <folder>', 'git: the folder of the function')
    .option('--sha256 <digest>', 'https: what is expected there, or none')
    .option('--label <name=value>', 'for lists; once for each', more, [])
    .addOption(new Option('--priority <class>').choices(['interactive', 'bulk']))
}

/** How long a command stays that has asked for a build. */
export function waiting(command: Command): Command {
  return command
    .option('--wait', 'until the build has ended, and exit as it did')
    .option('--follow', 'the same, with all that its tools print')
}

export function sourceAs(): Option {
  return new Option('--as <what>', 'what the source is').choices(['source', 'package'])
}

export function entryNameEncoding(): Option {
  const text = 'of names without the UTF-8 flag'
  return new Option('--entry-name-encoding <name>', text).choices(['gb18030'])
}
