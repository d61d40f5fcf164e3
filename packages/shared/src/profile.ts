import * as z from 'zod'
import { RUNTIME_NAMES } from './runtimes.ts'

/** How a handler is written; the platform's forms, each parsed by `parseHandler`. */
export const HANDLER_FORMS = [
  'file.function',
  'package.Class.method',
  'name.Symbol',
  'file',
  'any',
] as const
export type HandlerForm = (typeof HANDLER_FORMS)[number]

const version = z.strictObject({
  version: z.string().min(1),
  /** ISO date after which the platform gives no support. */
  endOfLife: z.iso.date().optional(),
})

const runtime = z.strictObject({
  versions: z.array(version).min(1),
  default: z.string(),
  handlerForms: z.array(z.enum(HANDLER_FORMS)).min(1),
  preinstalled: z.array(z.string()).default([]),
  /** The interpreter's folder on the platform, {version} in it; `bin` below has its programs. */
  home: z.string().startsWith('/').optional(),
})

/** What differs between installations of the platform, as data (profiles/NAME.yaml). */
export const profileSchema = z
  .strictObject({
    schema: z.literal(1),
    name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
    title: z.string(),
    region: z.string(),
    architectures: z.array(z.enum(['x86_64', 'aarch64'])).min(1),
    /** Highest glibc symbol version the platform is known to have; a newer need is `targetLibc`. */
    glibc: z.strictObject({
      version: z.string().regex(/^\d+\.\d+$/),
      level: z.enum(['error', 'warning']),
    }),
    go: z.strictObject({
      /** Go version of the plugin host, when known. */
      host: z.string().optional(),
      /** Whether it was built with -trimpath: it only loads plugins that were built alike. */
      trimpath: z.boolean().default(true),
      modules: z.record(z.string(), z.string()).default({}),
    }),
    levels: z.strictObject({
      handlerInFolder: z.enum(['error', 'warning', 'note']),
    }),
    codeRoot: z.string().startsWith('/'),
    /** Where HTTP functions listen. */
    httpPort: z.int().min(1).max(65535),
    /** Folder of the platform's SDK, relative to the profile; `java/*.jar`, `go/`. */
    sdk: z.string().optional(),
    /** Bytes, files and characters. */
    limits: z.strictObject({
      uploadBytesMax: z.int().positive(),
      packageBytesMax: z.int().positive(),
      directDeployBytesMax: z.int().positive(),
      unpackedBytesMax: z.int().positive(),
      unpackedWarnBytes: z.int().positive(),
      dependencyFilesMax: z.int().positive(),
      dependenciesMax: z.int().nonnegative(),
      handlerCharsMin: z.int().positive(),
      handlerCharsMax: z.int().positive(),
      editorBytesMax: z.int().positive(),
    }),
    runtimes: z.record(z.enum(RUNTIME_NAMES), runtime),
  })
  .superRefine((profile, context) => {
    for (const [name, entry] of Object.entries(profile.runtimes)) {
      if (entry.versions.some(({ version }) => version === entry.default)) continue
      context.addIssue({
        code: 'custom',
        path: ['runtimes', name, 'default'],
        message: `must be one of the versions listed, found "${entry.default}"`,
      })
    }
  })
  .meta({ id: 'Profile' })

export type Profile = z.output<typeof profileSchema>
