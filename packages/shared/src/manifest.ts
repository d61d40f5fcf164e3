import * as z from 'zod'
import { buildRequestSchema, functionNameSchema } from './request.ts'
import { entryPathSchema } from './source.ts'

const manifestFunctionSchema = buildRequestSchema
  .omit({ function: true, source: true, priority: true })
  .extend({
    /** Folder of the function, relative to the manifest; without it the manifest's own. */
    path: entryPathSchema.optional(),
  })

/**
 * packline.yaml: the functions of a repository. The command line, git sources and hooks read it.
 */
export const manifestSchema = z
  .strictObject({
    functions: z
      .record(functionNameSchema, manifestFunctionSchema)
      .refine((functions) => Object.keys(functions).length > 0, {
        error: 'must list at least one function',
      }),
  })
  .meta({ id: 'Manifest' })

export type Manifest = z.output<typeof manifestSchema>
