import { z } from 'zod'

/**
 * How tools on a worker reach the outside: `npm start` fills it from what the machine has, an
 * operator writes it by hand; it goes to the worker as JSON (PACKLINE_REGISTRIES). What is absent
 * is the tool's own default. Addresses may carry credentials: print them only without.
 */
export const registrySettingsSchema = z.strictObject({
  /** A PEM file with every authority to trust, the public ones included. */
  ca: z.string().optional(),
  proxy: z
    .strictObject({
      https: z.string().optional(),
      http: z.string().optional(),
      /** Hosts that are reached directly, separated by commas. */
      no: z.string().optional(),
    })
    .optional(),
  npm: z.strictObject({ registry: z.string().optional() }).optional(),
  /** Also for uv. `findLinks`: folders or pages with wheels, separated by spaces. */
  pip: z
    .strictObject({ indexUrl: z.string().optional(), findLinks: z.string().optional() })
    .optional(),
  /** Path of a settings.xml with mirrors and proxies. */
  maven: z.strictObject({ settings: z.string().optional() }).optional(),
  go: z.strictObject({ proxy: z.string().optional(), sumdb: z.string().optional() }).optional(),
})

export type RegistrySettings = z.infer<typeof registrySettingsSchema>
