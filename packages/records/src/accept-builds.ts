import { createHash } from 'node:crypto'
import { dependencyRef, PacklineError } from '@packline/shared'
import { answer } from './answer.ts'
import type { AcceptOptions, AcceptResult, NewBuild } from './build-record.ts'
import { beingRemoved } from './claim-objects.ts'
import type { Context } from './context.ts'
import { labelKey } from './keys.ts'
import { newId } from './new-id.ts'
import type { JobToAdd } from './queues.ts'
import { noDependency } from './read-dependencies.ts'
import { fieldsOfPairs } from './record-fields.ts'
import { fixedOf } from './record-view.ts'

const IDEMPOTENCY_SECONDS = 24 * 60 * 60

/** Key names are made of it. */
const TENANT = /^[A-Za-z0-9_.-]{1,64}$/

/** A derived id was given, and may have been given before. */
type BuildWithId = NewBuild & { id: string; derived: boolean }

/** Records first, then jobs: a crash between leaves records without jobs, which the sweep adds. */
export async function acceptBuilds(
  context: Context,
  builds: NewBuild[],
  options: AcceptOptions,
): Promise<AcceptResult> {
  if (!TENANT.test(options.tenant)) {
    throw new PacklineError('BUG', `"${options.tenant}" can not be a tenant: expected ${TENANT}`)
  }
  const named = builds.map((build) => ({
    ...build,
    id: build.id ?? newId('b'),
    derived: build.id !== undefined,
  }))
  const fresh: Accepted = { ids: named.map(({ id }) => id) }
  if (options.batch) fresh.batch = options.batch.id ?? newId('batch')
  const written = await context
    .run('accept', ...toArguments(context, named, options, fresh))
    .catch(unsure)
  const [what, ...rest] = written as string[]
  if (what === 'replayed') return replay(rest[0] ?? '', options.idempotency)
  if (what === 'gone') throw noDependency(rest[0] ?? '', 'DEPENDENCY_PACKAGE_NOT_FOUND')
  if (what === 'condemned') throw beingRemoved()
  await addJobs(context, pick(named, rest, options.tenant))
  return { ...fresh, replayed: false }
}

/** Where only the answer was lost the builds are there: whoever asks again has to know. */
function unsure(error: unknown): never {
  if (!(error instanceof PacklineError) || error.code !== 'RECORDS_UNAVAILABLE') throw error
  throw new PacklineError(error.code, error.message, {
    hint: 'It may have been accepted all the same: look at the list of builds before you ask again, or send an Idempotency-Key, with which it is made once.',
    cause: error,
  })
}

/** Only looks; `accept` decides, since another request with the same key may come first. */
export async function checkIdempotency(
  { redis, keys }: Context,
  tenant: string,
  idempotency: AcceptOptions['idempotency'],
): Promise<void> {
  if (!idempotency) return
  const stored = await answer(redis.get(keys.idempotency(tenant, digest(idempotency.key))))
  if (stored !== null) replay(stored, idempotency)
}

/** A job that could not be added now is added by the sweep: the caller's part is done. */
export async function addJobs(context: Context, jobs: JobToAdd[]): Promise<void> {
  if (jobs.length === 0) return
  try {
    await context.queues.add(jobs)
  } catch (error) {
    if (!(error instanceof PacklineError)) throw error
  }
}

interface Accepted {
  ids: string[]
  batch?: string
}

function toArguments(
  context: Context,
  builds: BuildWithId[],
  options: AcceptOptions,
  answer: Accepted,
): (string | number)[] {
  const at = new Date().toISOString()
  const { idempotency, batch } = options
  const head = [
    options.tenant,
    at,
    options.window ?? '',
    idempotency ? context.keys.idempotency(options.tenant, digest(idempotency.key)) : '',
    JSON.stringify({ fingerprint: idempotency?.fingerprint, ...answer }),
    IDEMPOTENCY_SECONDS,
    answer.batch ?? '',
    JSON.stringify(batch?.labels ?? {}),
    builds.length,
  ]
  const used = [...new Set(builds.flatMap(usesOf))].join(' ')
  return [head, ...builds.map((build) => buildArguments(build, at)), used].flat()
}

function buildArguments(build: BuildWithId, at: string): (string | number)[] {
  const labels = Object.entries(build.request.labels ?? {})
  return [
    build.id,
    build.queue,
    build.priority,
    build.request.function,
    fixedOf(build, at),
    JSON.stringify(build.request),
    JSON.stringify({ type: 'queued', at, queue: build.queue, retryOf: build.retryOf }),
    build.sourceKey ?? '',
    build.derived ? '1' : '',
    build.request.type === 'dependency' ? build.request.type : '',
    usesOf(build).join(' '),
    labels.length,
    ...labels.map(([name, value]) => labelKey({ name, value })),
  ]
}

function usesOf({ request }: NewBuild): string[] {
  return (request.dependencies ?? []).map(dependencyRef)
}

/** Any text may be an idempotency key; a key's name holds only its digest. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

function replay(stored: string, asked: AcceptOptions['idempotency']): AcceptResult {
  const { fingerprint, ...earlier } = JSON.parse(stored) as Accepted & { fingerprint: string }
  if (fingerprint === asked?.fingerprint) return { ...earlier, replayed: true }
  throw new PacklineError(
    'IDEMPOTENCY_MISMATCH',
    'The Idempotency-Key was used within the last day with a request that differs from this one',
    {
      hint: 'Use a new key for a new request; send the very same request to get its answer again.',
    },
  )
}

/** `pairs`: id and priority, which is bulk where the tenant has too many interactive builds. */
function pick(builds: BuildWithId[], pairs: string[], tenant: string): JobToAdd[] {
  const priorities = fieldsOfPairs(pairs)
  return builds.flatMap(({ id, queue }) => {
    const priority = priorities.get(id)
    if (priority === undefined) return []
    return [{ id, queue, tenant, priority: priority === 'bulk' ? 'bulk' : 'interactive' }]
  })
}
