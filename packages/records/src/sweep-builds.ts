import { type Failure, failed, LIMITS, SCHEMA_VERSION, toFailure } from '@packline/shared'
import { type Absences, noteAbsences, type Wanted } from './absences.ts'
import { addJobs } from './add-jobs.ts'
import type { Context } from './context.ts'
import { endExpansion, poisonedExpansion } from './expansions/run-expansion.ts'
import { isExpansion } from './new-id.ts'
import { fieldsOf } from './record-fields.ts'
import { schemaOf } from './record-view.ts'
import type { SweepResult } from './records.ts'
import { addReleased, endBuild, poisoned } from './run-build.ts'
import { missingWorker } from './texts/missing-worker.ts'
import { unfoldBatches } from './unfold-batch.ts'
import { listWorkers, windowOf } from './workers.ts'

/** Builds that one call looks at; the rest has its turn with the next call. */
const BUILDS_MAX = 500

/** How often the same build is looked at. */
const AGAIN_MS = 10_000

/** What BullMQ writes where a job ended its consumer too often ("stalled more than allowable"). */
const STALLED = /^failed job stalled/

/** Any number of processes may call it at any time: each build is taken by one of them. */
export async function sweepBuilds(context: Context): Promise<SweepResult> {
  await unfoldBatches(context)
  const workers = await listWorkers(context)
  const answer = await context.run('inspect', BUILDS_MAX, AGAIN_MS)
  const [now, ...rows] = answer as [number, ...string[][]]
  const builds = rows.map(toInspected)
  const absences = await noteAbsences(context, builds, workers, now)
  const result: SweepResult = {
    checked: builds.length,
    added: 0,
    poisoned: 0,
    waiting: 0,
    noWorker: 0,
  }
  for (const build of builds) {
    const done = await mend(context, build, absences)
    if (done) result[done] += 1
  }
  await handOn(context, windowOf(workers))
  return result
}

interface Inspected extends Wanted {
  id: string
  tenant: string
  attempt: number
  priority: 'interactive' | 'bulk'
  isWaiting: boolean
  createdAt: Date
  /** missing, locked, completed, `failed WHY`, there */
  job: string
}

function toInspected(row: string[]): Inspected {
  const [id = '', tenant = '', attempt, queue = '', priority, waitingFor, view = '', job = ''] = row
  return {
    id,
    tenant,
    attempt: Number(attempt),
    queue,
    schema: schemaOf(fieldsOf(['view'], [view])),
    priority: priority === 'bulk' ? 'bulk' : 'interactive',
    isWaiting: waitingFor !== '',
    createdAt: new Date(JSON.parse(view).createdAt),
    job,
  }
}

type Mended = Exclude<keyof SweepResult, 'checked'>

async function mend(
  context: Context,
  build: Inspected,
  absences: Absences,
): Promise<Mended | undefined> {
  if (STALLED.test(build.job)) {
    const failure = isExpansion(build.id) ? poisonedExpansion() : poisoned()
    return (await fail(context, build, failure)) ? 'poisoned' : undefined
  }
  if (build.job === 'missing' || isOver(build.job)) {
    // The job of an unfinished build that is over can only be in the way of a new one.
    if (isOver(build.job)) await context.queues.remove(build.queue, build.id)
    await addJobs(context, [build])
    return 'added'
  }
  if (build.job === 'locked') return undefined
  const waited = absences.waitedMs(build, build.createdAt)
  return waited === undefined ? stopWaiting(context, build) : wait(context, build, waited)
}

async function fail(context: Context, build: Inspected, failure: Failure): Promise<boolean> {
  const { id, attempt } = build
  const [outcome, force] = [{ state: 'failed', failure } as const, { force: true }]
  if (isExpansion(id)) return (await endExpansion(context, id, attempt, outcome, force)) === 'ok'
  return (await endBuild(context, id, attempt, outcome, force)).ok
}

/** Failed for another reason than stalling: the worker could not write how the build ended. */
function isOver(job: string): boolean {
  return job === 'completed' || job.startsWith('failed')
}

async function stopWaiting(context: Context, build: Inspected): Promise<undefined> {
  if (build.isWaiting) await context.run('wait', build.id, '', '')
}

/** Says what it waits for; when that has taken too long, ends it. */
async function wait(
  context: Context,
  build: Inspected,
  waitedMs: number,
): Promise<Mended | undefined> {
  const program = isExpansion(build.id) ? 'git' : build.queue.replace('-', ' ')
  const { en, zh } = missingWorker(program, build.schema > SCHEMA_VERSION)
  if (waitedMs < LIMITS.noWorkerMs) {
    if (build.isWaiting) return undefined
    const at = new Date().toISOString()
    const event = JSON.stringify({ type: 'waiting', at, for: en, zh: { for: zh } })
    const isNew = (await context.run('wait', build.id, `${en}\n${zh}`, event)) === 1
    return isNew ? 'waiting' : undefined
  }
  const minutes = LIMITS.noWorkerMs / 60_000
  const failure = toFailure(
    failed('NO_WORKER', {
      detail: {
        en: `No live worker took the queue "${build.queue}" for ${minutes} minutes`,
        zh: `${minutes} 分钟内没有工作节点接受队列 "${build.queue}"`,
      },
      hint: {
        en: `Start ${en} and retry the build.`,
        zh: `请启动${zh}，再重试该构建。`,
      },
    }),
  )
  const ok = await fail(context, build, failure)
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
