import { PacklineError } from '@packline/shared'
import {
  type Accepted,
  type Accepting,
  type BuildWithId,
  buildArguments,
  headArguments,
  usesOf,
} from './accept-arguments.ts'
import { addJobs } from './add-jobs.ts'
import type { AcceptOptions, AcceptResult, NewBuild } from './build-record.ts'
import { beingRemoved } from './claim-objects.ts'
import type { Context } from './context.ts'
import { replay } from './idempotency.ts'
import { whenKnown } from './lasting/change.ts'
import { newId } from './new-id.ts'
import { keepBatchTold } from './notices/batch-told.ts'
import { keepTold } from './notices/keep-told.ts'
import { addNotices } from './notices/make-notices.ts'
import type { JobToAdd } from './queues.ts'
import { noDependency } from './read-dependencies.ts'
import { fieldsOfPairs } from './record-fields.ts'
import { sealSource } from './sealed-source.ts'
import { UNSURE } from './texts/unavailable.ts'
import { BUILDS_AT_ONCE, commitBatch } from './unfold-batch.ts'

/** Key names are made of it. */
const TENANT = /^[A-Za-z0-9_.-]{1,64}$/

/** Records first, then jobs: a crash between leaves records without jobs, which the sweep adds. */
export async function acceptBuilds(
  context: Context,
  builds: NewBuild[],
  options: AcceptOptions,
): Promise<AcceptResult> {
  if (!TENANT.test(options.tenant)) {
    throw new PacklineError('BUG', `"${options.tenant}" can not be a tenant: expected ${TENANT}`)
  }
  // Its revision is to be the next one of all that there were.
  if (builds.some(({ request }) => request.type === 'dependency')) await whenKnown(context)
  const withIds = builds.map((build) => ({
    ...build,
    request: sealSource(context, options.tenant, build.request),
    id: build.id ?? newId('b'),
  }))
  const told = await keepTold(context, options.tenant, withIds)
  const named = withIds.map((build, place) => ({
    ...build,
    derived: builds[place]?.id !== undefined,
    told: told[place] ?? '',
  }))
  const fresh: Accepted = { ids: named.map(({ id }) => id) }
  if (options.batch) fresh.batch = options.batch.id ?? newId('batch')
  if (options.answer !== undefined) fresh.answer = options.answer
  const isLarge = options.batch !== undefined && named.length > BUILDS_AT_ONCE
  const accepted = isLarge ? commitBatch : acceptAtOnce
  const batchTold = await keepBatchTold(context, options.tenant, fresh.batch, options.batch)
  const accepting = { ...options, told: batchTold }
  const [what, ...rest] = await accepted(context, named, accepting, fresh).catch(unsure)
  if (what === 'replayed') return replay(rest[0] ?? '', options.idempotency)
  if (what === 'gone') throw noDependency(rest[0] ?? '', 'DEPENDENCY_PACKAGE_NOT_FOUND')
  if (what === 'condemned') throw beingRemoved()
  if (what === 'accepted') await addJobs(context, pick(named, rest, options.tenant))
  const statuses = named.filter(({ told }) => told.includes('"status"'))
  await addNotices(
    context,
    options.tenant,
    statuses.map(({ id }) => `${id}-commit-status`),
  )
  return { ...fresh, replayed: false }
}

/** Where only the answer was lost the builds are there: whoever asks again has to know. */
export function unsure(error: unknown): never {
  if (!(error instanceof PacklineError) || error.code !== 'RECORDS_UNAVAILABLE') throw error
  const zh = { detail: error.zh?.detail ?? error.message, hint: UNSURE.zh }
  throw new PacklineError(error.code, error.message, { hint: UNSURE.en, zh, cause: error })
}

async function acceptAtOnce(
  context: Context,
  builds: BuildWithId[],
  options: Accepting,
  accepted: Accepted,
): Promise<string[]> {
  const at = new Date().toISOString()
  const head = headArguments(context, options, accepted, at)
  const used = [...new Set(builds.flatMap(usesOf))].join(' ')
  const all = [head, ...builds.map((build) => buildArguments(build, at)), used].flat()
  return (await context.run('accept', ...all)) as string[]
}

/** `pairs`: id and priority, which is bulk where the tenant has too many interactive builds. */
export function pick(builds: BuildWithId[], pairs: string[], tenant: string): JobToAdd[] {
  const priorities = fieldsOfPairs(pairs)
  return builds.flatMap(({ id, queue }) => {
    const priority = priorities.get(id)
    if (priority === undefined) return []
    return [{ id, queue, tenant, priority: priority === 'bulk' ? 'bulk' : 'interactive' }]
  })
}
