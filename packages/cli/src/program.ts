import { ArchiveRefusal } from '@packline/archive'
import { type Failure, LANGUAGES, type Language, PacklineError, toFailure } from '@packline/shared'
import { Command, type CommanderError, Option } from 'commander'
import { exitCodeOf } from './exit-code.ts'
import { batchCommands } from './groups/batches.ts'
import { buildCommands } from './groups/builds.ts'
import { functionCommands } from './groups/functions.ts'
import { hookCommands } from './groups/hooks.ts'
import { keyCommands } from './groups/keys.ts'
import { localCommands } from './groups/local.ts'
import type { Run } from './groups/run.ts'
import { sessionCommands } from './groups/session.ts'
import { setUpCommands } from './groups/set-up.ts'
import type { Terminal } from './terminal.ts'

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
    .addOption(language())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => {
        if (!asksJson) terminal.stderr.write(text)
      },
    })
    .showHelpAfterError('(packline --help lists every command)')
  const run: Run =
    (load) =>
    async (...given) => {
      // Commander adds the command itself.
      const asked = given.slice(0, -1) as typeof given
      const options = asked.at(-1) as { json?: boolean }
      exitWith(
        await inJson(terminal, options, async () =>
          (await load())(asTold(terminal, program), ...asked),
        ),
      )
    }
  program.commandsGroup('Here, without a server:')
  localCommands(program, run)
  program.commandsGroup('With a server:')
  sessionCommands(program, run)
  buildCommands(program, run)
  batchCommands(program, run)
  functionCommands(program, run)
  hookCommands(program, run)
  keyCommands(program, run)
  program.commandsGroup('To begin with:')
  setUpCommands(program, run)
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
    stdout.write(`${JSON.stringify({ failure: { ...toFailure(error), ...refusalOf(error) } })}\n`)
    return exitCodeOf(error)
  }
}

/** Which of an archive's reasons it was, and of which entry. */
function refusalOf(error: PacklineError): { reason?: string; entry?: string } {
  return error instanceof ArchiveRefusal ? { reason: error.reason, entry: error.entry } : {}
}

function language(): Option {
  const text = 'of what is found (default: by LC_ALL, LC_MESSAGES, LANG)'
  return new Option('--lang <language>', text).choices(LANGUAGES)
}

/** The terminal with the language that the command line names. */
function asTold(terminal: Terminal, program: Command): Terminal {
  const { lang } = program.opts<{ lang?: Language }>()
  return lang === undefined ? terminal : { ...terminal, language: lang }
}
