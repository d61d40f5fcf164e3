import { failed, LIMITS, PacklineError, SCHEMA_VERSION, toFailure } from '@packline/shared'
import { addJobs } from './add-jobs.ts'
import type { Context } from './context.ts'
import { dependencyArguments } from './dependency-arguments.ts'
import { toChunks } from './log-chunks.ts'
import { addNotices } from './notices/make-notices.ts'
import type { Beginning, NewEvent, Note, Outcome } from './outcome.ts'
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
    const fields = fieldsOfPairs(pairs)
    const record = { ...toRecord(id, fields), sealedCallback: fields.get('callbackSecret') }
    return { begun: true, attempt, record }
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
    failed('POISONED', {
      detail: {
        en: 'The build was begun again and again, and no worker ended it',
        zh: '该构建一再开始，却没有工作节点完成它',
      },
      hint: {
        en: 'It may use up the memory or time of its worker: build it alone with `packline pack`.',
        zh: '它可能用尽工作节点的内存或时间：请用 `packline pack` 单独构建。',
      },
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
    LIMITS.logBytesMax,
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
    LIMITS.logBytesMax,
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
  const [what, tenant = '', pairs = [], told = []] = answer as Finished
  if (what !== 'ok') return { ok: false, released: [] }
  await addNotices(context, tenant, told)
  return { ok: true, released: await addReleased(context, tenant, pairs) }
}

/** Tenant, the builds that got room, and what is to be told. */
type Finished = [what: string, tenant?: string, pairs?: string[], told?: string[]]

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
