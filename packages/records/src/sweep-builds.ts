import { LIMITS, PacklineError, toFailure } from '@packline/shared'
import { addJobs } from './accept-builds.ts'
import type { Context } from './context.ts'
import type { SweepResult } from './records.ts'
import { addReleased, endBuild, poisoned } from './run-build.ts'
import { listWorkers, windowOf } from './workers.ts'

/** Builds that one call looks at; the rest has its turn with the next call. */
const BUILDS_MAX = 500

/** How often the same build is looked at; those in a tenant's list have no job to lose. */
const AGAIN_MS = 10_000
const HELD_AGAIN_MS = 30_000

/** What BullMQ writes where a job ended its consumer too often ("stalled more than allowable"). */
const STALLED = /^failed job stalled/

/** Any number of processes may call it at any time: each build is taken by one of them. */
export async function sweepBuilds(context: Context): Promise<SweepResult> {
  const workers = await listWorkers(context)
  const live = new Set(workers.flatMap((worker) => worker.queues))
  const rows = await context.run('inspect', BUILDS_MAX, AGAIN_MS, HELD_AGAIN_MS)
  const builds = (rows as string[][]).map(toInspected)
  const result: SweepResult = {
    checked: builds.length,
    added: 0,
    poisoned: 0,
    waiting: 0,
    noWorker: 0,
  }
  for (const build of builds) {
    const done = await mend(context, build, live.has(build.queue))
    if (done) result[done] += 1
  }
  await handOn(context, windowOf(workers))
  return result
}

interface Inspected {
  id: string
  tenant: string
  attempt: number
  queue: string
  priority: 'interactive' | 'bulk'
  /** Milliseconds of Redis' clock; 0: does not wait for a worker. */
  waitingSince: number
  /** missing, locked, completed, `failed WHY`, there, held */
  job: string
  now: number
}

function toInspected(row: string[]): Inspected {
  const [id = '', tenant = '', , attempt, queue = '', priority, since, job = '', now] = row
  return {
    id,
    tenant,
    attempt: Number(attempt),
    queue,
    priority: priority === 'bulk' ? 'bulk' : 'interactive',
    waitingSince: Number(since),
    job,
    now: Number(now),
  }
}

type Mended = Exclude<keyof SweepResult, 'checked'>

async function mend(
  context: Context,
  build: Inspected,
  live: boolean,
): Promise<Mended | undefined> {
  if (STALLED.test(build.job)) {
    const failure = poisoned()
    const { ok } = await endBuild(
      context,
      build.id,
      build.attempt,
      { state: 'failed', failure },
      FORCE,
    )
    return ok ? 'poisoned' : undefined
  }
  if (build.job === 'missing' || isOver(build.job)) {
    // The job of an unfinished build that is over can only be in the way of a new one.
    if (isOver(build.job)) await context.queues.remove(build.queue, build.id)
    await addJobs(context, [build])
    return 'added'
  }
  if (build.job === 'locked') return undefined
  return live ? stopWaiting(context, build) : waitForWorker(context, build)
}

const FORCE = { force: true }

/** Failed for another reason than stalling: the worker could not write how the build ended. */
function isOver(job: string): boolean {
  return job === 'completed' || job.startsWith('failed')
}

async function stopWaiting(context: Context, build: Inspected): Promise<undefined> {
  if (build.waitingSince > 0) await context.run('wait', build.id, '', '')
}

async function waitForWorker(context: Context, build: Inspected): Promise<Mended | undefined> {
  const wanted = `a worker with ${build.queue.replace('-', ' ')}`
  if (build.waitingSince === 0) {
    const at = new Date().toISOString()
    const event = JSON.stringify({ type: 'waiting', at, for: wanted })
    return (await context.run('wait', build.id, wanted, event)) === 1 ? 'waiting' : undefined
  }
  if (build.now - build.waitingSince < LIMITS.noWorkerMs) return undefined
  const failure = toFailure(
    new PacklineError(
      'NO_WORKER',
      `No live worker took the queue "${build.queue}" for ${LIMITS.noWorkerMs / 60_000} minutes`,
      { hint: `Start ${wanted} and retry the build.` },
    ),
  )
  const { ok } = await endBuild(
    context,
    build.id,
    build.attempt,
    { state: 'failed', failure },
    FORCE,
  )
  if (ok) await context.queues.remove(build.queue, build.id)
  return ok ? 'noWorker' : undefined
}

async function handOn(context: Context, window: number): Promise<void> {
  const answer = (await context.run('release', window)) as (string | string[])[]
  for (let place = 0; place + 1 < answer.length; place += 2) {
    const [tenant, pairs] = [answer[place], answer[place + 1]]
    if (typeof tenant === 'string' && Array.isArray(pairs))
      await addReleased(context, tenant, pairs)
  }
}
