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
  /** How the platform's API writes it, {version} in it; without it no call can be told. */
  deployAs: z.string().optional(),
})

/** s3://bucket[/prefix]; no part of the prefix is "." or "..", nor is there a slash at its end. */
const BUCKET = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*$/

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
    /** What the platform's own Linux has for native files, besides the version of glibc. */
    libraries: z.strictObject({
      /** As files ask for them (DT_NEEDED). */
      names: z.array(z.string().min(1)).min(1),
      /** The newest versions of symbols, by their kind, such as GLIBCXX of libstdc++. */
      versions: z.record(z.string().regex(/^[A-Z]+$/), z.string().regex(/^\d+(\.\d+)*$/)),
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
    /** How functions are created and changed; absent where the platform has another API. */
    deployment: z
      .strictObject({
        api: z.literal('functiongraph-v2'),
        /** The application that a new function is put into. */
        package: z.string(),
        /** What a new function gets, as no package says it. */
        timeoutSeconds: z.int().positive(),
        memoryMegabytes: z.int().positive(),
        httpRuntime: z.string(),
        /** Where packages go that are too large to be sent; in the profile's own region. */
        bucket: z
          .string()
          .max(320)
          .regex(BUCKET, { error: 'must be s3://bucket or s3://bucket/prefix' })
          .optional(),
      })
      .optional(),
    codeRoot: z.string().startsWith('/'),
    /** Where HTTP functions listen. */
    httpPort: z.int().min(1).max(65535),
    /** Folder of the platform's SDK, named from the profile: `java/*.jar`, a module in `go/`. */
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
      dependencyBytesMax: z.int().positive(),
      handlerCharsMin: z.int().positive(),
      handlerCharsMax: z.int().positive(),
      editorBytesMax: z.int().positive(),
    }),
    /** Those that this installation has; a request for any other is refused. */
    runtimes: z.partialRecord(z.enum(RUNTIME_NAMES), runtime),
  })
  .superRefine((profile, context) => {
    for (const { path, message } of contradictionsOf(profile)) {
      context.addIssue({ code: 'custom', path, message })
    }
  })
  .meta({ id: 'Profile' })

export type Profile = z.output<typeof profileSchema>

/** What each field may be, and both together may not. */
function contradictionsOf({ runtimes, limits }: Pick<Profile, 'runtimes' | 'limits'>) {
  const found: { path: string[]; message: string }[] = []
  for (const [name, { versions, default: chosen }] of Object.entries(runtimes)) {
    const names = versions.map(({ version }) => version)
    if (!names.includes(chosen)) {
      const message = `must be one of the versions listed, found "${chosen}"`
      found.push({ path: ['runtimes', name, 'default'], message })
    }
    const twice = names.find((version, at) => names.indexOf(version) !== at)
    if (twice === undefined) continue
    found.push({ path: ['runtimes', name, 'versions'], message: `has "${twice}" twice` })
  }
  if (Object.keys(runtimes).length === 0) {
    found.push({ path: ['runtimes'], message: 'must list at least one runtime' })
  }
  for (const [lower, upper] of ORDERED_LIMITS) {
    if (limits[lower] <= limits[upper]) continue
    found.push({ path: ['limits', lower], message: `must not be more than ${upper}` })
  }
  return found
}

/** The first of each pair must not be more than the second. */
const ORDERED_LIMITS = [
  ['handlerCharsMin', 'handlerCharsMax'],
  ['directDeployBytesMax', 'packageBytesMax'],
  ['unpackedWarnBytes', 'unpackedBytesMax'],
] as const
