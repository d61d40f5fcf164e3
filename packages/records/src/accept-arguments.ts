import { dependencyRef } from '@packline/shared'
import { withoutCallbackQuery } from './address-query.ts'
import type { AcceptOptions, NewBuild } from './build-record.ts'
import type { Context } from './context.ts'
import { idempotencyArguments } from './idempotency.ts'
import { labelKey } from './keys.ts'
import { timeOfId } from './new-id.ts'
import { fixedOf } from './record-view.ts'

/** A derived id was given, and may have been given before. */
export interface BuildWithId extends NewBuild {
  id: string
  derived: boolean
  /** What its record keeps of whom to tell, as JSON, or ''. */
  told: string
}

/** `told`: likewise of the batch. */
export interface Accepting extends AcceptOptions {
  told: string
}

/** What the first and every later request with the same idempotency key is answered. */
export interface Accepted {
  ids: string[]
  batch?: string
  answer?: unknown
}

/** What accept and commit take first. */
export function headArguments(
  context: Context,
  options: Accepting,
  accepted: Accepted,
  at: string,
): (string | number)[] {
  const { batch } = options
  return [
    options.tenant,
    at,
    options.window ?? '',
    ...idempotencyArguments(context, options, accepted),
    accepted.batch ?? '',
    labelsText(batch?.labels),
    options.told,
    accepted.ids.length,
  ]
}

/** As the scripts read them: half a character would stop them. */
export function labelsText(labels: Record<string, string> = {}): string {
  const whole = Object.entries(labels).map(([name, value]) => [name, value.toWellFormed()])
  return JSON.stringify(Object.fromEntries(whole))
}

/** One build as write-build.lua takes it. */
export function buildArguments(build: BuildWithId, at: string): (string | number)[] {
  const labels = Object.entries(build.request.labels ?? {})
  // Lists are asked for the time that a build shows, and go by ids.
  const createdAt = build.derived ? at : timeOfId(build.id).toISOString()
  return [
    build.id,
    build.queue,
    build.priority,
    build.request.function,
    fixedOf(build, createdAt),
    JSON.stringify(withoutCallbackQuery(build.request)),
    JSON.stringify({ type: 'queued', at, queue: build.queue, retryOf: build.retryOf }),
    build.sourceKey ?? '',
    build.derived ? '1' : '',
    build.request.type === 'dependency' ? build.request.type : '',
    usesOf(build).join(' '),
    build.told,
    labels.length,
    ...labels.map(([name, value]) => labelKey({ name, value })),
  ]
}

export function usesOf({ request }: NewBuild): string[] {
  return (request.dependencies ?? []).map(dependencyRef)
}
