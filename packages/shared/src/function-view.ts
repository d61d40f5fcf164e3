import * as z from 'zod'
import { verdictReasonSchema } from './finding.ts'
import { functionSettingsSchema } from './function.ts'
import { storedPackageSchema } from './stored-package.ts'

/** A registered function as a reader sees it. Times are ISO 8601, UTC. */
export const functionViewSchema = functionSettingsSchema
  .extend({
    name: z.string(),
    version: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    draft: z.object({
      version: z.int(),
      files: z.int(),
      /** Bytes of all files. */
      size: z.int(),
      /** false: compiled, or too large to be opened. */
      editable: z.boolean(),
    }),
    /** Alias -> number of a package. */
    aliases: z.record(z.string(), z.int()),
    /** The highest number that was given. */
    newest: z.int().optional(),
  })
  .meta({ id: 'Function' })

export type FunctionView = z.output<typeof functionViewSchema>

/** One numbered package of a function. */
export const numberedPackageSchema = z
  .object({
    number: z.int().min(1),
    build: z.string().describe('The build that made it.'),
    createdAt: z.iso.datetime(),
    package: storedPackageSchema,
    verdict: verdictReasonSchema,
    findings: z.int().min(0),
    aliases: z.array(z.string()).describe('Those that point to it.'),
  })
  .meta({ id: 'NumberedPackage' })
export type NumberedPackage = z.output<typeof numberedPackageSchema>

/** Alias -> number. */
export const aliasesSchema = z.record(z.string(), z.int())
export const aliasSchema = z.object({ alias: z.string(), number: z.int() }).meta({ id: 'Alias' })
/** What was deleted, by its name. */
export const deletedSchema = z.object({ deleted: z.string() })

/** A file of a package as its directory tells of it: bytes, and the checksum of these. */
const packageFileView = z.object({ size: z.int(), crc32: z.string() })
const rowView = packageFileView.extend({ path: z.string() })
const countsView = z.object({ added: z.int(), removed: z.int(), changed: z.int(), same: z.int() })

/** What differs between the files of two packages; rows are cut at LIMITS.diffRowsMax each. */
export const packagesDiffSchema = z
  .object({
    from: z.int(),
    to: z.int(),
    counts: countsView,
    added: z.array(rowView),
    removed: z.array(rowView),
    changed: z.array(z.object({ path: z.string(), from: packageFileView, to: packageFileView })),
  })
  .meta({ id: 'PackagesDiff' })

export type PackagesDiff = z.output<typeof packagesDiffSchema>
