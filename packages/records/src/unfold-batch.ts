import { failed, PacklineError } from '@packline/shared'
import {
  type Accepted,
  type Accepting,
  type BuildWithId,
  buildArguments,
  headArguments,
  usesOf,
} from './accept-arguments.ts'
import { addJobs } from './add-jobs.ts'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { newId } from './new-id.ts'
import type { JobToAdd } from './queues.ts'
import { unavailable } from './texts/unavailable.ts'

/** Builds of one script: it takes 50 us for each, and Redis does nothing else meanwhile. */
export const BUILDS_AT_ONCE = 1000

/** What was staged and never accepted is gone after this. */
const STAGED_MS = 10 * 60_000

/** Characters that are handed to Redis at once. */
const STAGED_AT_ONCE = 1024 * 1024

/**
 * Accepts a batch that is too large for one script, as a whole all the same: its builds are laid
 * aside, one script accepts them, and then they are made some at a time. Answers as `accept` does,
 * and 'committed' for 'accepted'.
 */
export async function commitBatch(
  context: Context,
  builds: BuildWithId[],
  options: Accepting,
  accepted: Accepted,
): Promise<string[]> {
  const at = new Date().toISOString()
  const staging = newId('s')
  await stage(context, staging, builds, at)
  const sources = new Set(builds.flatMap(({ sourceKey }) => sourceKey ?? []))
  const lastUsers = new Map(builds.flatMap((build) => usesOf(build).map((ref) => [ref, build.id])))
  const reply = (await context.run(
    'commit',
    ...headArguments(context, options, accepted, at),
    staging,
    sources.size,
    ...sources,
    ...[...lastUsers].flat(),
  )) as string[]
  if (reply[0] === 'lost') throw failed('RECORDS_UNAVAILABLE', unavailable.partLost())
  // Accepted is accepted: where Redis goes away now, the sweep makes the rest.
  if (reply[0] === 'committed') await unfold(context, nameOf(accepted.batch, staging)).catch(later)
  return reply
}

/** Makes what is left of accepted batches, of one or of all: any number of processes may. */
export async function unfoldBatches(context: Context, batch?: string): Promise<void> {
  for (const name of await answer(context.redis.smembers(context.keys.unfolding))) {
    if (batch === undefined || name.startsWith(`${batch} `)) await unfold(context, name)
  }
}

async function unfold(context: Context, name: string): Promise<void> {
  const [batch = '', staging = ''] = name.split(' ')
  let left = 1
  while (left > 0) {
    const reply = await context.run('unfold', batch, staging, BUILDS_AT_ONCE)
    const [rest, tenant, ...jobs] = reply as [number, string, ...string[]]
    await addJobs(context, toJobs(tenant, jobs))
    left = rest
  }
}

function nameOf(batch: string | undefined, staging: string): string {
  return `${batch} ${staging}`
}

function later(error: unknown): void {
  if (!(error instanceof PacklineError)) throw error
}

async function stage(context: Context, staging: string, builds: BuildWithId[], at: string) {
  const key = context.keys.staged(staging)
  let texts: string[] = []
  let size = 0
  const push = async () => {
    await answer(context.redis.rpush(key, ...texts))
    await answer(context.redis.pexpire(key, STAGED_MS))
    texts = []
    size = 0
  }
  for (const build of builds) {
    const text = asText(buildArguments(build, at))
    texts.push(text)
    size += text.length
    if (size > STAGED_AT_ONCE) await push()
  }
  if (texts.length > 0) await push()
}

/** Half a character would stop the script's reader; as an argument it would be U+FFFD, too. */
function asText(values: (string | number)[]): string {
  return JSON.stringify(values.map((value) => String(value).toWellFormed()))
}

function toJobs(tenant: string, triples: string[]): JobToAdd[] {
  const jobs: JobToAdd[] = []
  for (let place = 0; place + 2 < triples.length; place += 3) {
    const [id = '', priority, queue = ''] = triples.slice(place, place + 3)
    jobs.push({ id, queue, tenant, priority: priority === 'bulk' ? 'bulk' : 'interactive' })
  }
  return jobs
}
