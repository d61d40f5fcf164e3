import {
  beginningOf,
  EXPAND_QUEUE,
  type ExpansionSpec,
  NO_COMMIT,
  SCHEMA_VERSION,
} from '@packline/shared'
import { labelsText } from '../accept-arguments.ts'
import { unsure } from '../accept-builds.ts'
import { addJobs } from '../add-jobs.ts'
import type { Context } from '../context.ts'
import { idempotencyArguments, replay } from '../idempotency.ts'
import { newId } from '../new-id.ts'
import { batchTold, batchToldBefore } from '../notices/batch-told.ts'
import type { JobToAdd } from '../queues.ts'
import type { AcceptedExpansion, ExpansionOptions } from './expansions.ts'

/** The record first, then the job: the sweep adds one that is missing. */
export async function acceptExpansion(
  context: Context,
  spec: ExpansionSpec,
  options: ExpansionOptions,
): Promise<AcceptedExpansion> {
  const { tenant, retryOf } = options
  const callback = options.callback ?? (await batchToldBefore(context, tenant, retryOf))
  const { id, batch, values } = expansionArguments(spec, options, (made) =>
    batchTold(context, made, callback),
  )
  const written = await context
    .run(
      'expand',
      ...idempotencyArguments(context, options, { id, batch }),
      spec.kind === 'delivery' ? spec.number : '',
      ...values,
    )
    .catch(unsure)
  const [what, earlier = ''] = written as string[]
  if (what === 'replayed')
    return replay<Omit<AcceptedExpansion, 'replayed'>>(earlier, options.idempotency)
  await addJobs(context, [jobOfExpansion(id, tenant)])
  return { id, batch, replayed: false }
}

/**
 * For a script that takes an expansion in with what else it writes: it calls the prelude's
 * `acceptExpansion` with the place of these values; then its caller adds `jobOfExpansion`.
 * A delivery's `number` is what the script says, such as `nextPush`.
 */
export function expansionArguments(
  spec: ExpansionSpec,
  { tenant, labels }: ExpansionOptions,
  toldOf: (batch: string | undefined) => string = () => '',
) {
  const id = newId('x_')
  const batch = spec.kind === 'manifest' ? newId('batch') : undefined
  const createdAt = new Date().toISOString()
  const view = JSON.stringify({ schema: SCHEMA_VERSION, createdAt })
  const more = [batch ?? '', labelsText(labels), toldOf(batch), ...pushOf(spec)]
  return { id, batch, values: [id, tenant, createdAt, view, JSON.stringify(spec), ...more] }
}

/** Which pushes it is one of, and where it began. */
function pushOf(spec: ExpansionSpec): string[] {
  if (spec.kind === 'manifest') return ['', '']
  return [`${spec.hook}:${spec.ref}`, beginningOf(spec) ?? NO_COMMIT]
}

export function jobOfExpansion(id: string, tenant: string): JobToAdd {
  return { id, queue: EXPAND_QUEUE, tenant, priority: 'interactive' }
}
