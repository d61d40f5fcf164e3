import { Command, Option } from 'commander'
import { check } from './commands/check.ts'
import { pack } from './commands/pack.ts'
import { profileCheck } from './commands/profile-check.ts'
import type { Terminal } from './terminal.ts'

/** The command line. `exitWith` gets the code of a command that ran and found something wrong. */
export function makeProgram(terminal: Terminal, exitWith: (code: number) => void): Command {
  const program = new Command('packline')
    .description('makes and proves deployment packages for serverless functions')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.stdout.write(text) })
    .showHelpAfterError('(packline --help lists every command)')
  const run =
    <Given extends unknown[]>(work: (terminal: Terminal, ...given: Given) => Promise<number>) =>
    async (...given: Given) =>
      exitWith(await work(terminal, ...given))

  describing(program.command('pack'))
    .summary('package a folder here, without a server')
    .description('Packages the function in a folder and proves the package; needs no server.')
    .argument('<folder>', 'the folder with the code of one function')
    .option('-o, --output <file>', 'where the package goes (default: NAME.zip or NAME.jar here)')
    .option('--name <function>', "the function's name (default: the folder's)")
    .option('--no-unwrap', 'keep a folder that wraps everything')
    .addOption(new Option('--as <what>', 'what the folder holds').choices(['source', 'package']))
    .action(run(pack))
  describing(program.command('check'))
    .summary('check an archive or a finished package')
    .description('Runs the archive gate and, with --runtime and --handler, every rule.')
    .argument('<archive>', 'a ZIP or a JAR')
    .option('--archive-only', 'the archive gate alone')
    .addOption(entryNameEncoding())
    .action(run(check))
  program
    .command('profile')
    .description('platform profiles')
    .command('check')
    .description('Checks a platform profile, and prints what it says.')
    .argument('<profile>', 'the name of one that is shipped, or a file')
    .option('--json', 'print JSON')
    .action(run(profileCheck))
  return program
}

/** The options that describe a function, the same for every command. */
function describing(command: Command): Command {
  return command
    .exitOverride()
    .option('--runtime <name>', 'nodejs, python, java, go or custom (default: by the files)')
    .option('--runtime-version <version>', "the runtime's version (default: the profile's)")
    .option('--handler <handler>', 'such as index.handler')
    .option('--initializer <handler>', 'such as index.initializer')
    .addOption(new Option('--type <type>').choices(['event', 'http']).default('event'))
    .addOption(new Option('--architecture <arch>').choices(['x86_64', 'aarch64']).default('x86_64'))
    .addOption(new Option('--mode <mode>', 'Go: what to build').choices(['plugin', 'executable']))
    .option('--no-load', 'do not load the finished package')
    .option('--timeout <seconds>', 'limit of each tool and of the load', Number)
    .option('--profile <profile>', 'platform profile: a name or a file', 'ctyun-functiongraph')
    .option('--json', 'print JSON')
}

function entryNameEncoding(): Option {
  const text = 'of names without the UTF-8 flag'
  return new Option('--entry-name-encoding <name>', text).choices(['gb18030'])
}
