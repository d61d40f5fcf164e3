import { LIMITS } from '@packline/shared'
import { type Command, Option } from 'commander'
import { json, more, wholeNumber } from './option-values.ts'
import { sourceAs } from './source-options.ts'

const SECRETS = 'passwords and keys in clear text, which code must not carry (default: warn)'

/** The options that describe a function; `unsaid`: what holds without a runtime. */
export function describing(command: Command, unsaid = 'by the files'): Command {
  const text = `nodejs, python, java, go or custom (default: ${unsaid})`
  return settling(command.option('--runtime <name>', text))
}

/** The same but for the runtime, which is told by files where there are any. */
export function settling(command: Command): Command {
  return command
    .option('--runtime-version <version>', "the runtime's version (default: the profile's)")
    .option('--handler <handler>', 'such as index.handler')
    .option('--initializer <handler>', 'such as index.initializer')
    .addOption(new Option('--type <type>').choices(['event', 'http']).default('event'))
    .addOption(new Option('--architecture <arch>').choices(['x86_64', 'aarch64']).default('x86_64'))
    .addOption(new Option('--mode <mode>', 'Go: what to build').choices(['plugin', 'executable']))
    .option(
      '--module <folder>',
      'module of Java and Go (default: the handler’s), workspace of Node.js',
    )
    .addOption(new Option('--secrets <what>', SECRETS).choices(['warn', 'refuse']))
    .option('--timeout <seconds>', 'limit of all tools together', seconds)
    .option('--json', 'print JSON')
}

/** How a package is made of a source, the same here and on a server. */
export function making(command: Command): Command {
  return packing(command)
    .option('--name <function>', "the function's name (default: the source's)")
    .option('--test-event <json>', 'call the handler once with this event; @FILE reads it', json)
    .option('--test-expect <json>', 'what the answer has to hold; @FILE reads it', json)
    .addOption(sourceAs())
}

/** The same but for what belongs to one source alone. */
export function packing(command: Command): Command {
  return command
    .option('--unwrap', 'take a finished package out of a folder that wraps everything')
    .option('--no-unwrap', 'keep a folder that wraps everything')
    .option('--bundle', 'Node.js: make one file of the code, of TypeScript too')
    .option('--source-map', "keep a bundle's source map, beside the package")
    .option('--install-scripts', 'Node.js: let dependencies run their install scripts')
    .option('--split', 'put what is installed into a dependency package of its own')
    .option('--build-command <word...>', 'custom: the program that makes it, and its arguments')
    .option('--exclude <pattern>', 'leave out of the package, as .gitignore writes it', more, [])
    .option('--include <pattern>', 'keep, whatever leaves it out', more, [])
    .option('--no-load', 'do not load the finished package')
}

function seconds(text: string): number {
  return wholeNumber(text, LIMITS.buildTimeoutMsMax / 1000)
}
