import { type Failure, LIMITS, PacklineError, toFailure } from '@packline/shared'
import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander'
import { FORMATS } from './audit/audit-text.ts'
import { audit } from './commands/audit.ts'
import { check } from './commands/check.ts'
import { pack } from './commands/pack.ts'
import { profileCheck } from './commands/profile-check.ts'
import { exitCodeOf } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

type Work<Options> = (terminal: Terminal, argument: string, options: Options) => Promise<number>

/**
 * The command line. `exitWith` gets the code of a command that ran and found something wrong; where
 * JSON is asked for nothing is said of wrong usage: the caller prints `usageFailure`.
 */
export function makeProgram(
  terminal: Terminal,
  exitWith: (code: number) => void,
  asksJson = false,
): Command {
  const program = new Command('packline')
    .description('Makes and proves deployment packages for serverless functions.')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => {
        if (!asksJson) terminal.stderr.write(text)
      },
    })
    .showHelpAfterError('(packline --help lists every command)')
  const run =
    <Options extends { json?: boolean }>(work: Work<Options>) =>
    async (argument: string, options: Options) =>
      exitWith(await inJson(terminal, options, () => work(terminal, argument, options)))

  describing(program.command('pack'))
    .summary('package a folder here, without a server')
    .description('Packages the function in a folder and proves the package; needs no server.')
    .argument('<folder>', 'the folder with the code of one function')
    .option('-o, --output <path>', 'where the package goes (default: NAME.zip or NAME.jar here)')
    .option('--sbom <file>', 'write what lies in the package, CycloneDX 1.6 ("-": to stdout)')
    .option('--configuration <file>', 'write what the platform is told beside the package')
    .option('--deployment <file>', "write ready bodies for the platform's calls")
    .option('--name <function>', "the function's name (default: the folder's)")
    .option('--unwrap', 'take a finished package out of a folder that wraps everything')
    .option('--no-unwrap', 'keep a folder that wraps everything')
    .option('--bundle', 'Node.js: make one file of the code, of TypeScript too')
    .option('--source-map', "put a bundle's source map beside it")
    .option('--install-scripts', 'Node.js: let dependencies run their install scripts')
    .addOption(new Option('--as <what>', 'what the folder holds').choices(['source', 'package']))
    .option('--exclude <pattern>', 'leave out of the package, as .gitignore writes it', more, [])
    .option('--include <pattern>', 'keep, whatever leaves it out', more, [])
    .option('--no-load', 'do not load the finished package')
    .action(run(pack))
  describing(program.command('check'))
    .summary('check an archive or a finished package')
    .description('Runs the archive gate and, with --runtime and --handler, every rule.')
    .argument('<archive>', 'a ZIP or a JAR')
    .option('--archive-only', 'the archive gate alone')
    .addOption(entryNameEncoding())
    .option('--no-load', 'do not load it')
    .action(run(check))
  describing(program.command('audit'))
    .summary('check packages that exist already')
    .description('Checks every package below a folder or s3://bucket/prefix, and changes nothing.')
    .argument('<place>', 'a folder, or s3://bucket/prefix on the server of PACKLINE_STORE_URL')
    .option('--manifest <file>', 'functions by name (default: packline.yaml in the folder)')
    .addOption(new Option('--format <format>').choices(FORMATS).default('table'))
    .option('--load', 'load each of them as well, which takes a second or so', false)
    .addHelpText('after', '\n--handler may hold {name}: the name of the package without .zip.')
    .action(run(audit))
  program
    .command('profile')
    .description('Looks at platform profiles.')
    .command('check')
    .description('Checks a platform profile, and prints what it says.')
    .argument('<profile>', 'the name of one that is shipped, or a file')
    .option('--json', 'print JSON')
    .action(run(profileCheck))
  return program
}

/** What commander says of wrong arguments, as any other failure. */
export function usageFailure({ message }: CommanderError): Failure {
  const detail = message.replace(/^error: /, '')
  const hint = 'packline --help lists every command and option.'
  return toFailure(new PacklineError('INVALID_REQUEST', detail, { hint }))
}

/** Who asked for JSON gets it where the command fails, too. */
async function inJson(
  { stdout, signal }: Terminal,
  { json }: { json?: boolean },
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!json || signal.aborted || !(error instanceof PacklineError)) throw error
    stdout.write(`${JSON.stringify({ failure: toFailure(error) })}\n`)
    return exitCodeOf(error)
  }
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
    .option('--module <folder>', "Java: the module to build (default: the handler's)")
    .option('--dependency <zip>', 'a dependency package to attach; once for each', more, [])
    .addOption(new Option('--secrets <what>', 'found in clear text').choices(['warn', 'refuse']))
    .option('--timeout <seconds>', 'limit of all tools together', seconds)
    .option('--profile <profile>', 'platform profile: a name or a file', 'ctyun-functiongraph')
    .option('--json', 'print JSON')
}

/** Of an option that may be given several times. */
function more(text: string, before: readonly string[]): string[] {
  return [...before, text]
}

function seconds(text: string): number {
  const max = LIMITS.buildTimeoutMsMax / 1000
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
}

function entryNameEncoding(): Option {
  const text = 'of names without the UTF-8 flag'
  return new Option('--entry-name-encoding <name>', text).choices(['gb18030'])
}
