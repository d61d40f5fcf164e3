import type { Client } from '@packline/client'
import { type BuildEvent, failureInLanguage, isTerminal } from '@packline/shared'
import { duration } from '@packline/terminal'
import { failureText } from '../error-text.ts'
import { linesOfLog } from '../follow/lines-of-log.ts'
import { resumable } from '../follow/resumable.ts'
import { exitCodeOfBuild } from '../follow/tell-outcome.ts'
import { row } from '../rows.ts'
import { serverOf } from '../server/find-server.ts'
import type { Terminal } from '../terminal.ts'

interface LogsOptions {
  follow?: boolean
  step?: boolean
  errors?: boolean
  json?: boolean
}

/** `packline logs`: what a build's tools printed, as text or as one JSON object a line. */
export async function logs(terminal: Terminal, id: string, options: LogsOptions): Promise<number> {
  const client = await serverOf(terminal)
  const before = await client.build(id)
  const isFollowed = options.follow === true && !isTerminal(before.state)
  const show = shower(terminal, options)
  if (isFollowed) {
    await resumable(terminal, `packline logs -f ${id}`, () => watch(terminal, client, id, show))
  } else {
    // The log does not say when a line came: of what is over the steps stand before all lines.
    if (options.step) await showEvents(client, before, show)
    for (const line of linesOf(await client.log(id))) show.line(line)
  }
  const { failure, state } = isFollowed ? await client.build(id) : before
  if (!options.json && (options.follow || (failure && options.errors))) {
    const told = failure && failureText(failureInLanguage(failure, terminal.language))
    terminal.stderr.write(`${told ?? row('state', state)}\n`)
  }
  return options.follow ? exitCodeOfBuild({ failure, state }) : 0
}

interface Shower {
  line(text: string): void
  event(event: BuildEvent): void
}

function shower({ stdout }: Terminal, { step, errors, json }: LogsOptions): Shower {
  const say = (text: string, value: unknown) =>
    stdout.write(`${json ? JSON.stringify(value) : text}\n`)
  return {
    line: (text) => {
      if (!errors || LOOKS_WRONG.test(text)) say(text, { line: text })
    },
    event: (event) => {
      const text = step ? heading(event) : undefined
      if (text !== undefined) say(`== ${text}`, { event })
    },
  }
}

/** As npm, pip, javac, Maven, Gradle, Go, git, Python and Node.js say it. */
const LOOKS_WRONG =
  /\b(error|errors|err!|failed|failure|fatal|exception|traceback|cannot|can't|could not|not found|no such|undefined:|panic)\b|^npm ERR|\[ERROR\]|: warning:/i

function heading(event: BuildEvent): string | undefined {
  if (event.type === 'stage') return `${event.stage}: ${event.command}`
  if (event.type === 'started') return `attempt ${event.attempt} on ${event.worker}`
  if (event.type !== 'step') return undefined
  return event.status === 'finished' ? `${event.step}: ${duration(event.ms)}` : event.step
}

async function watch({ signal }: Terminal, client: Client, id: string, show: Shower) {
  const events = async () => {
    for await (const event of client.events(id, signal)) show.event(event)
  }
  const lines = async () => {
    for await (const line of linesOfLog(client, id, signal)) show.line(line)
  }
  await Promise.all([events(), lines()])
}

/** Those there are so far: of a build that runs the stream would not end. */
async function showEvents(
  client: Client,
  { id, state }: { id: string; state: string },
  show: Shower,
) {
  if (!isTerminal(state as Parameters<typeof isTerminal>[0])) return
  for await (const event of client.events(id)) show.event(event)
}

function linesOf(text: string): string[] {
  if (text === '') return []
  return text.replace(/\n$/, '').split('\n')
}
