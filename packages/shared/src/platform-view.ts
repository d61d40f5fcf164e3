import * as z from 'zod'
import { LIMITS } from './limits.ts'
import { profileSchema } from './profile.ts'
import { workerViewSchema } from './record.ts'
import { RUNTIME_NAMES } from './runtimes.ts'

const { name: profile, architectures, limits, runtimes } = profileSchema.shape

/** What `/v1/runtimes` says of the profile and of Packline's own table. */
export const runtimesViewSchema = z
  .object({
    profile,
    architectures,
    runtimes: z.array(
      z.object({
        name: z.enum(RUNTIME_NAMES),
        title: z.string(),
        onlineEdit: z.boolean(),
        jar: z.boolean(),
        queuePerVersion: z.boolean(),
        dependencyLayout: z.string().optional(),
        ...runtimes.valueType.shape,
      }),
    ),
  })
  .meta({ id: 'Runtimes' })
export type RuntimesView = z.output<typeof runtimesViewSchema>

/** What `/v1/limits` says: bytes, files, characters and milliseconds, by their names. */
export const limitsViewSchema = z
  .object({
    profile,
    platform: limits,
    packline: z.object(Object.fromEntries(Object.keys(LIMITS).map((name) => [name, z.number()]))),
  })
  .meta({ id: 'Limits' })
export type LimitsView = z.output<typeof limitsViewSchema>

export const workersViewSchema = z.object({ items: z.array(workerViewSchema) })
