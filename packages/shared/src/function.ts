import * as z from 'zod'
import type { Profile } from './profile.ts'
import { type BuildRequestInput, buildRequestSchema, type ParsedBuildRequest } from './request.ts'
import { resolveRequest } from './resolve.ts'
import { saysName } from './says.ts'
import { sourceSchema } from './source.ts'

/** How many of a function's packages are kept; aliased ones and the newest always are. */
const keepSchema = z.strictObject({
  count: z.int().min(1).max(100_000).optional(),
  /** Older ones go. */
  days: z.int().min(1).max(36_500).optional(),
})

/** What a function is, so that a build of it need not say it again. */
export const functionSettingsSchema = buildRequestSchema
  // A callback's secret is sealed with its build.
  .omit({ function: true, source: true, priority: true, callback: true })
  .extend({ description: z.string().max(512).optional(), keep: keepSchema.optional() })

/** `PUT /v1/functions/{name}`. */
export const functionPutSchema = functionSettingsSchema
  .extend({
    /** A first file where the function has none yet. */
    template: z.boolean().optional(),
  })
  .meta({ id: 'FunctionPut' })

/** A build with the function's own settings. */
export const functionBuildSchema = z
  .strictObject({
    /** Without it the draft. */
    source: sourceSchema.optional(),
    /** Beside the function's own, before them. */
    labels: buildRequestSchema.shape.labels,
    priority: buildRequestSchema.shape.priority,
    callback: buildRequestSchema.shape.callback,
    /** In place of the function's own. */
    test: buildRequestSchema.shape.test,
  })
  .meta({ id: 'FunctionBuild' })

/** An alias points to a package by its number; `current` moves by itself. */
export const aliasNameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, saysName(64))
export const CURRENT = 'current'

const numberSchema = z.coerce.number().int().min(1).max(999_999_999)

/** What a path names of a function's packages. */
export const numberParameter = z.object({ name: z.string(), number: numberSchema })
export const aliasPutSchema = z
  .strictObject({ number: z.int().min(1).max(999_999_999) })
  .meta({ id: 'AliasPut' })
export const aliasParameter = z.object({ name: z.string(), alias: aliasNameSchema })

/** Two packages, each by its number or an alias. */
export const packagesDiffQuery = z.object({
  from: z.union([numberSchema, aliasNameSchema]),
  to: z.union([numberSchema, aliasNameSchema]),
})

export type FunctionPutInput = z.input<typeof functionPutSchema>
export type FunctionBuildInput = z.input<typeof functionBuildSchema>
/** Version resolved. */
export type FunctionSettings = z.output<typeof functionSettingsSchema> & { version: string }

/** Refuses what a build with these settings would refuse. Throws as `resolveRequest` does. */
export function resolveSettings(
  name: string,
  settings: z.output<typeof functionSettingsSchema>,
  profile: Profile,
): FunctionSettings {
  const { description: _description, keep: _keep, ...request } = settings
  const parsed: ParsedBuildRequest = { ...request, function: name, source: { kind: 'draft' } }
  return { ...settings, version: resolveRequest(parsed, profile).version }
}

/** The request for a build of the function; the source is its draft unless another is given. */
export function requestOf(
  name: string,
  settings: FunctionSettings,
  asked: z.output<typeof functionBuildSchema>,
): BuildRequestInput {
  const { description: _description, keep: _keep, ...request } = settings
  const labels = { ...settings.labels, ...asked.labels }
  return {
    ...request,
    function: name,
    source: asked.source ?? { kind: 'draft' },
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(asked.priority && { priority: asked.priority }),
    ...(asked.callback && { callback: asked.callback }),
    ...(asked.test && { test: asked.test }),
  }
}
