import type { ExpansionSpec } from '@packline/shared'
import { buildArguments, usesOf } from '../accept-arguments.ts'
import { pick } from '../accept-builds.ts'
import { addJobs, removeJobs, toOutcomes } from '../add-jobs.ts'
import type { NewBuild } from '../build-record.ts'
import type { Context } from '../context.ts'
import { derivedId } from '../new-id.ts'
import { withBatchCallback } from '../notices/batch-told.ts'
import { keepTold } from '../notices/keep-told.ts'
import { addNotices } from '../notices/make-notices.ts'
import { noDependency } from '../read-dependencies.ts'
import { addReleased } from '../run-build.ts'
import { BUILDS_AT_ONCE } from '../unfold-batch.ts'
import type { ExpandedBuilds, ExpansionRecord } from './expansions.ts'

/** One script for each thousand: its builds' ids make it safe to stop between two. */
export async function buildExpansion(
  context: Context,
  expansion: ExpansionRecord,
  builds: NewBuild[],
): Promise<ExpandedBuilds | 'refused' | 'moved'> {
  const all: ExpandedBuilds = { builds: [], outrun: [], superseded: [] }
  for (let from = 0; from < builds.length; from += BUILDS_AT_ONCE) {
    const some = builds.slice(from, from + BUILDS_AT_ONCE)
    const made = await buildSome(context, expansion, some)
    if (typeof made === 'string') return made
    all.builds.push(...made.builds)
    all.outrun.push(...made.outrun)
    all.superseded.push(...made.superseded)
  }
  return all
}

async function buildSome(
  context: Context,
  expansion: ExpansionRecord,
  builds: NewBuild[],
): Promise<ExpandedBuilds | 'refused' | 'moved'> {
  const { id: from, tenant, batch, spec } = expansion
  const derived = (await withBatchCallback(context, tenant, batch, builds)).map((build) => ({
    ...build,
    id: derivedId('b', from, build.request.function),
    derived: true,
    push: pushOf(spec),
  }))
  const told = await keepTold(context, tenant, derived)
  const named = derived.map((build, place) => ({ ...build, told: told[place] ?? '' }))
  const at = new Date().toISOString()
  const written = await context.run(
    'accept-expanded',
    ...headArguments(expansion, at),
    named.length,
    ...named.flatMap((build) => buildArguments(build, at)),
    [...new Set(named.flatMap(usesOf))].join(' '),
  )
  const [what, ...rest] = written as [string, ...unknown[]]
  if (what === 'stale') return 'refused'
  if (what === 'moved') return 'moved'
  if (what === 'gone') throw noDependency(String(rest[0]), 'DEPENDENCY_PACKAGE_NOT_FOUND')
  const [outrun = [], triples = [], pairs = [], released = [], notices = []] = rest as string[][]
  const superseded = toOutcomes(triples)
  await removeJobs(context, superseded)
  await addJobs(context, pick(named, pairs, expansion.tenant))
  await addReleased(context, expansion.tenant, released)
  await addNotices(context, expansion.tenant, notices)
  const made = named.map(({ id, request }) => ({ function: request.function, build: id }))
  return {
    builds: made.filter(({ build }) => !outrun.includes(build)),
    outrun: made.filter(({ build }) => outrun.includes(build)).map((one) => one.function),
    superseded: superseded.map(({ id }) => id),
  }
}

function pushOf(spec: ExpansionSpec): NewBuild['push'] {
  if (spec.kind !== 'delivery') return undefined
  const { hook, delivery, ref } = spec
  return { hook, delivery, ref }
}

function headArguments(
  { id, attempt, tenant, batch, reached }: ExpansionRecord,
  at: string,
): (string | number)[] {
  const reason = 'superseded'
  const result = JSON.stringify({ cancelReason: reason })
  const event = JSON.stringify({ type: 'cancelled', at, reason })
  return [tenant, at, batch ?? '', id, attempt, reached?.number ?? '', result, event]
}
