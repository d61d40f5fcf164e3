import type { Client } from '@packline/client'
import { type BuildEvent, isTerminal, STEPS } from '@packline/shared'
import { inWords, type Progress, showProgress } from '@packline/terminal'
import { stepProgress } from '../step-progress.ts'
import type { Terminal } from '../terminal.ts'
import { linesOfLog } from './lines-of-log.ts'
import { resumable } from './resumable.ts'
import { tellOutcome } from './tell-outcome.ts'

export interface FollowOptions {
  wait?: boolean
  follow?: boolean
  json?: boolean
}

/** Watches a build to its end as it was asked for, and tells how it ended: the exit code. */
export async function followBuild(
  terminal: Terminal,
  client: Client,
  { id, name }: { id: string; name: string },
  { follow, json }: FollowOptions,
): Promise<number> {
  await resumable(terminal, `packline logs -f ${id}`, async () => {
    if (json) await Array.fromAsync(client.events(id, terminal.signal))
    else if (follow) await showAll(terminal, client, id)
    else await showLine(terminal, client, { id, name })
  })
  return tellOutcome(terminal, client, id, { json, shown: follow })
}

/** Each step, and what tools print, as they come. */
async function showAll({ stderr, signal }: Terminal, client: Client, id: string): Promise<void> {
  const { event: say, log } = stepProgress(stderr, { quiet: false })
  const events = async () => {
    for await (const event of client.events(id, signal)) say(event)
  }
  const lines = async () => {
    for await (const line of linesOfLog(client, id, signal)) log(line)
  }
  await Promise.all([events(), lines()])
}

async function showLine(
  { stderr, signal }: Terminal,
  client: Client,
  build: { id: string; name: string },
): Promise<void> {
  const progress = showProgress(stderr)
  try {
    await progressOf(client, build, progress, signal)
  } finally {
    progress.close()
  }
}

/** Says what a build does until it has ended. */
export async function progressOf(
  client: Pick<Client, 'events'>,
  { id, name }: { id: string; name: string },
  progress: Pick<Progress, 'say' | 'end'>,
  signal: AbortSignal,
): Promise<void> {
  let part = 0
  for await (const event of client.events(id, signal)) {
    part = partDone(event) ?? part
    const text = inWords(event)
    if (text === undefined) continue
    if (isTerminal(event.type as Parameters<typeof isTerminal>[0])) progress.end(name, text)
    else progress.say(name, text, part)
  }
}

/** Of the steps of a build, all alike: what takes long is told by the clock beside it. */
function partDone(event: BuildEvent): number | undefined {
  if (event.type === 'requeued') return 0
  if (event.type !== 'step' || event.status !== 'finished') return undefined
  return (STEPS.indexOf(event.step) + 1) / STEPS.length
}
