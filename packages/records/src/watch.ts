import type { BuildEvent, BuildState } from '@packline/shared'
import { isTerminal } from '@packline/shared'
import { answer } from './answer.ts'
import { readArchivedEvents, readArchivedLog } from './archived-build.ts'
import type { Context } from './context.ts'
import { type Followed, follow } from './follow.ts'
import type { BatchEvent, LogChunk } from './listing.ts'
import { isExpansion } from './new-id.ts'
import { readBatchState } from './read-batches.ts'
import { readEvents, readLog } from './read-lists.ts'

/** Build events from the list, the messages or, after the end, the archive. */
export function watchBuild(
  context: Context,
  tenant: string,
  id: string,
  after: number,
  signal: AbortSignal,
): AsyncIterable<BuildEvent> {
  const source: Followed<BuildEvent> = {
    read: (from, limit) => eventsAfter(context, tenant, id, from, limit),
    listen: (hear) =>
      context.subscriber.listen(context.keys.changes, id, (message) =>
        hear(message === undefined ? undefined : parseMessage(message)),
      ),
    isLast: (event) => isTerminal(event.type as BuildState),
  }
  return follow(source, after, signal)
}

/** Chunks are not published: each message of the build is a reason to look. */
export function watchLog(
  context: Context,
  tenant: string,
  id: string,
  after: number,
  signal: AbortSignal,
): AsyncIterable<LogChunk> {
  const source: Followed<LogChunk> = {
    read: (from, limit) => logAfter(context, tenant, id, from, limit),
    listen: (hear) => context.subscriber.listen(context.keys.changes, id, () => hear(undefined)),
    isLast: () => false,
  }
  return follow(source, after, signal)
}

export function watchBatch(
  context: Context,
  tenant: string,
  batch: string,
  after: number,
  signal: AbortSignal,
): AsyncIterable<BatchEvent> {
  const source: Followed<BatchEvent> = {
    read: (from, limit) => readBatchEvents(context, tenant, batch, from, limit),
    listen: (hear) =>
      context.subscriber.listen(context.keys.batchChanges, batch, (message) =>
        hear(message === undefined ? undefined : [parseBatchMessage(message)]),
      ),
    isLast: ({ counts, expanding }) => !expanding && counts.queued + counts.running === 0,
  }
  return follow(source, after, signal)
}

/** From Redis or, when it has let go, from the archive. */
export async function eventsAfter(
  context: Context,
  tenant: string,
  id: string,
  after: number,
  limit: number,
): Promise<{ items: BuildEvent[]; ended: boolean }> {
  const kept = await readEvents(context, tenant, id, after, limit)
  if (kept.archivedIn === undefined) return kept
  const events = await readArchivedEvents(context, kept.archivedIn, id)
  return { items: events.slice(after, after + limit), ended: true }
}

export async function logAfter(
  context: Context,
  tenant: string,
  id: string,
  after: number,
  limit: number,
): Promise<{ items: LogChunk[]; ended: boolean }> {
  const kept = await readLog(context, tenant, id, after, limit)
  if (kept.archivedIn === undefined) return kept
  const chunks = await readArchivedLog(context, kept.archivedIn, id)
  return { items: chunks.slice(after, after + limit), ended: true }
}

/** First line: id and place of the first event; then one event per line, or none. */
function parseMessage(message: string): BuildEvent[] {
  const [head = '', ...lines] = message.split('\n')
  const first = Number(head.split(' ')[1])
  return lines.map((line, place) => ({ ...(JSON.parse(line) as BuildEvent), seq: first + place }))
}

/** `batch seq` and then the list's element. */
function parseBatchMessage(message: string): BatchEvent {
  const [, seq, ...line] = message.split(' ')
  return parseBatchLine(line, Number(seq))
}

async function readBatchEvents(
  context: Context,
  tenant: string,
  batch: string,
  after: number,
  limit: number,
): Promise<{ items: BatchEvent[]; ended: boolean }> {
  const { view, seq } = await readBatchState(context, tenant, batch)
  const lines = await answer(
    context.redis.lrange(context.keys.batchEvents(batch), after, after + limit - 1),
  )
  if (lines.length === 0 && after < seq) return { items: await lastStates(), ended: true }
  return {
    items: lines.map((line, place) => parseBatchLine(line.split(' '), after + place + 1)),
    ended: view.finished,
  }

  /** The list is gone an hour after the end: one event per build, with the states they ended in. */
  async function lastStates(): Promise<BatchEvent[]> {
    const ids = await answer(context.redis.zrange(context.keys.index(tenant, { batch }), 0, '-1'))
    const states = await answer(
      Promise.all(ids.map((id) => context.redis.hget(context.keys.build(id), 'state'))),
    )
    const counts = { total: ids.length, queued: ids.length, running: 0, ...NONE_ENDED }
    const events = ids.map((build, place) => {
      const state = (states[place] ?? 'failed') as BuildState
      counts.queued -= 1
      counts[state] += 1
      return { seq: seq - ids.length + place + 1, build, state, counts: { ...counts } }
    })
    return events.filter((event) => event.seq > after)
  }
}

const NONE_ENDED = { succeeded: 0, failed: 0, cancelled: 0 }

function parseBatchLine(line: string[], seq: number): BatchEvent {
  const [id = '', state = '', ...rest] = line
  const [total = 0, queued = 0, running = 0, succeeded = 0, failed = 0, cancelled = 0] = rest
    .slice(0, 6)
    .map(Number)
  return {
    seq,
    ...(isExpansion(id) ? { expansion: id } : { build: id }),
    state: state as BuildState,
    counts: { total, queued, running, succeeded, failed, cancelled },
    ...(rest[6] === 'expanding' && { expanding: true }),
  }
}
