import * as z from 'zod'
import { LIMITS } from './limits.ts'
import { buildRequestSchema, functionNameSchema } from './request.ts'
import { says } from './says.ts'
import { entryPathSchema } from './source.ts'

const manifestFunctionSchema = buildRequestSchema
  // A callback's secret has no place in a repository.
  .omit({ function: true, source: true, priority: true, callback: true })
  .extend({
    /** Folder of the function, relative to the manifest; without it the manifest's own. */
    path: entryPathSchema.optional(),
    /** Folders and files outside it, relative to the manifest, whose change is one of it. */
    shared: z.array(entryPathSchema).max(LIMITS.sharedPathsMax).optional(),
  })

/**
 * packline.yaml: the functions of a repository. The command line, git sources and hooks read it.
 */
export const manifestSchema = z
  .strictObject({
    functions: z
      .record(functionNameSchema, manifestFunctionSchema)
      .refine(
        (functions) => Object.keys(functions).length > 0,
        says({ en: 'must list at least one function', zh: '应至少列出一个函数' }),
      ),
  })
  .meta({ id: 'Manifest' })

/** A function of a repository that has no manifest: `path` and `shared` are from its root. */
export const listedFunctionSchema = manifestFunctionSchema.extend({ function: functionNameSchema })

export type Manifest = z.output<typeof manifestSchema>
export type ManifestFunction = z.output<typeof manifestFunctionSchema>
export type ListedFunction = z.output<typeof listedFunctionSchema>
