import { LIMITS, PacklineError, SCHEMA_VERSION, toFailure } from '@packline/shared'
import { addJobs } from './accept-builds.ts'
import type { Context } from './context.ts'
import { toChunks } from './log-chunks.ts'
import type { Beginning, MadeDependency, NewEvent, Note, Outcome } from './outcome.ts'
import { fieldsOfPairs } from './record-fields.ts'
import { toRecord } from './record-view.ts'

/** More would not fit a script's stack; the engine writes some tens per build. */
const EVENTS_MAX = 1000

export async function beginBuild(context: Context, id: string, worker: string): Promise<Beginning> {
  const at = new Date().toISOString()
  const event = JSON.stringify({ type: 'started', at, worker })
  const head = `${event.slice(0, -1)},"attempt":`
  const limits = [LIMITS.startedAttemptsMax, SCHEMA_VERSION]
  const answer = await context.run('begin', id, worker, at, head, ...limits)
  const [what, attempt, pairs] = answer as [string, number, string[]]
  if (what === 'begun') {
    return { begun: true, attempt, record: toRecord(id, fieldsOfPairs(pairs)) }
  }
  if (what === 'terminal' || what === 'newer' || what === 'later') {
    return { begun: false, because: what }
  }
  await endBuild(context, id, attempt, { state: 'failed', failure: poisoned() }, { force: true })
  return { begun: false, because: 'poisoned' }
}

/** A build that takes its worker down with it would take the next one too. */
export function poisoned() {
  return toFailure(
    new PacklineError('POISONED', 'The build was begun again and again, and no worker ended it', {
      hint: 'It may use up the memory or time of its worker: build it alone with `packline pack`.',
    }),
  )
}

export async function noteBuild(
  context: Context,
  id: string,
  attempt: number,
  note: Note,
): Promise<'ok' | 'refused'> {
  const answer = await context.run(
    'note',
    id,
    attempt,
    LIMITS.outputBytesMax,
    note.pin ? JSON.stringify(note.pin) : '',
    ...eventArguments(note.events ?? []),
    ...chunkArguments(note.log ?? []),
  )
  return answer === 'ok' ? 'ok' : 'refused'
}

/** `force`: the sweep ends a build that no worker holds; it may be queued then. */
export async function endBuild(
  context: Context,
  id: string,
  attempt: number,
  outcome: Outcome,
  last: { events?: NewEvent[]; log?: string[]; force?: boolean } = {},
): Promise<{ ok: boolean; released: string[] }> {
  const at = new Date().toISOString()
  const answer = await context.run(
    'finish',
    id,
    attempt,
    LIMITS.outputBytesMax,
    outcome.state,
    at,
    JSON.stringify(resultOf(outcome)),
    'report' in outcome && outcome.report ? JSON.stringify(outcome.report) : '',
    outcome.state === 'queued' ? outcome.delayMs : 0,
    last.force ? '1' : '',
    ...eventArguments([...(last.events ?? []), { ...eventOf(outcome), at }]),
    ...chunkArguments(last.log ?? []),
    ...dependencyArguments('dependency' in outcome ? outcome.dependency : undefined, id, at),
  )
  const [what, tenant = '', pairs = []] = answer as [string, string?, string[]?]
  if (what !== 'ok') return { ok: false, released: [] }
  return { ok: true, released: await addReleased(context, tenant, pairs) }
}

/** Adds the bulk builds that a script let out of the tenant's list: pairs of id and queue. */
export async function addReleased(
  context: Context,
  tenant: string,
  pairs: string[],
): Promise<string[]> {
  const jobs = [...fieldsOfPairs(pairs)].map(([id, queue]) => ({
    id,
    queue,
    tenant,
    priority: 'bulk' as const,
  }))
  await addJobs(context, jobs)
  return jobs.map(({ id }) => id)
}

/** What stays in the record of how it ended. */
function resultOf(outcome: Outcome) {
  switch (outcome.state) {
    case 'succeeded':
      return succeededWith(outcome)
    case 'failed':
      return { failure: outcome.failure, findings: outcome.findings }
    case 'cancelled':
      return { cancelReason: outcome.reason }
    case 'queued':
      return {}
  }
}

function succeededWith(outcome: Extract<Outcome, { state: 'succeeded' }>) {
  const { package: stored, verdict, findings, split } = outcome
  return { package: stored, verdict, findings, ...(split && { split }) }
}

/** The script adds the tenant and the revision. */
function dependencyArguments(
  made: MadeDependency | undefined,
  build: string,
  createdAt: string,
): (string | number)[] {
  if (!made) return ['', '', '', '']
  const { name, revision, package: stored, ...target } = made
  const { runtime, version, architecture } = target
  // Where the name tells the content, equal bytes are one, whatever they were first made for.
  const same =
    revision === undefined
      ? [stored.sha256, runtime, version, architecture].join(' ')
      : stored.sha256
  const entry = { schema: SCHEMA_VERSION, name, ...target, createdAt, build, package: stored }
  const json = `${JSON.stringify(entry).slice(0, -1)},`
  return [name, revision ?? '', same, json]
}

function eventOf(outcome: Outcome): NewEvent {
  switch (outcome.state) {
    case 'succeeded':
      return { type: 'succeeded', ...succeededWith(outcome) }
    case 'failed':
      return { type: 'failed', failure: outcome.failure }
    case 'cancelled':
      return { type: 'cancelled', reason: outcome.reason }
    case 'queued': {
      const { reason, delayMs, failure } = outcome
      return { type: 'requeued', reason, delayMs, failure }
    }
  }
}

function eventArguments(events: readonly NewEvent[]): (string | number)[] {
  if (events.length > EVENTS_MAX) {
    throw new PacklineError(
      'BUG',
      `${events.length} events at once; expected at most ${EVENTS_MAX}`,
    )
  }
  const now = new Date().toISOString()
  return [events.length, ...events.map((event) => JSON.stringify({ at: now, ...event }))]
}

function chunkArguments(lines: readonly string[]): (string | number)[] {
  const chunks = toChunks(lines)
  return [chunks.length, ...chunks]
}
