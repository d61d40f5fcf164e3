import { PacklineError } from '@packline/shared'
import type { Context } from './context.ts'
import type { JobToAdd } from './queues.ts'

/** A job that could not be added now is added by the sweep: the caller's part is done. */
export async function addJobs(context: Context, jobs: JobToAdd[]): Promise<void> {
  if (jobs.length === 0) return
  try {
    await context.queues.add(jobs)
  } catch (error) {
    if (!(error instanceof PacklineError)) throw error
  }
}

/** What the script that cancels says of a build: `ended` had a job, `held` had none. */
export interface Cancelled {
  id: string
  what: string
  queue: string
}

export function toOutcomes(triples: string[]): Cancelled[] {
  const outcomes: Cancelled[] = []
  for (let place = 0; place + 2 < triples.length; place += 3) {
    const [id = '', what = '', queue = ''] = triples.slice(place, place + 3)
    outcomes.push({ id, what, queue })
  }
  return outcomes
}

/** A job that is left, or held by its worker, finds the record ended and returns. */
export async function removeJobs(context: Context, ended: readonly Cancelled[]): Promise<void> {
  const jobs = ended.filter(({ what }) => what === 'ended')
  await Promise.all(jobs.map((job) => context.queues.remove(job.queue, job.id).catch(unlessAway)))
}

function unlessAway(error: unknown): void {
  if (!(error instanceof PacklineError)) throw error
}
