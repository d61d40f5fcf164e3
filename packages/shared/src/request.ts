import * as z from 'zod'
import { callbackSchema } from './callback.ts'
import { dependencyPinSchema, dependencyRefSchema } from './dependency.ts'
import { labelsSchema } from './labels.ts'
import { LIMITS } from './limits.ts'
import { RUNTIME_NAMES } from './runtimes.ts'
import { says, saysName } from './says.ts'
import { entryPathSchema, resolvedSourceSchema, type SourceSpec, sourceSchema } from './source.ts'

export const functionNameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,95}$/, saysName(96))

/** In the syntax of .gitignore, from the package's root. */
const patternsSchema = z
  .array(z.string().min(1).max(LIMITS.patternCharsMax))
  .max(LIMITS.patternsMax)

export const buildOptionsSchema = z.strictObject({
  /** Go: a plugin (.so) or an executable; without it the handler tells. */
  mode: z.enum(['plugin', 'executable']).optional(),
  /**
   * Java, Go: the folder of the module that is built; without it the one that has the handler.
   * Node.js: the member of a workspace that is packed; without it the whole source.
   */
  module: entryPathSchema.optional(),
  /** Custom: the program and arguments that make the package, in the source's folder. */
  command: z.array(z.string().max(4096)).min(1).max(100).optional(),
  /** Node.js: the code, TypeScript too, as one file; what can not go in stays in node_modules. */
  bundle: z.boolean().optional(),
  /** With bundle: its source map is kept beside the package. */
  sourceMap: z.boolean().optional(),
  /** Node.js: dependencies may run their install scripts, which is their authors' code. */
  installScripts: z.boolean().optional(),
  /** false: the finished package is not loaded. */
  load: z.boolean().default(true),
  /** Repack without a single wrapping folder; by default on for git and source archives. */
  unwrap: z.boolean().optional(),
  entryNameEncoding: z.enum(['gb18030']).optional(),
  /** What is installed becomes a dependency package beside the function's own package. */
  split: z.boolean().optional(),
  /** What stays out of the package, whatever made it. The build itself still has it. */
  exclude: patternsSchema.optional(),
  /** What stays in, against `exclude`, the ignore file and what is left out by itself. */
  include: patternsSchema.optional(),
  /** refuse: a password or key in clear text is an error; without it a warning. */
  secrets: z.enum(['warn', 'refuse']).optional(),
  timeoutSeconds: z
    .int()
    .min(1)
    .max(LIMITS.buildTimeoutMsMax / 1000)
    .default(LIMITS.buildTimeoutMs / 1000),
})

/** What the handler is called with, once, and what its answer must have in it. */
const testSchema = z.strictObject({
  /** Event functions: any JSON. HTTP functions: `{ method?, path?, headers?, body? }`. */
  event: z
    .unknown()
    .refine((event) => event !== undefined, says({ en: 'is missing', zh: '不能缺少' }))
    .refine(
      (event) => (JSON.stringify(event) ?? '').length <= LIMITS.testEventCharsMax,
      says({
        en: `must have at most ${LIMITS.testEventCharsMax} characters as JSON`,
        zh: `作为 JSON 最多 ${LIMITS.testEventCharsMax} 个字符`,
      }),
    ),
  /** Members that are named must be there and equal, however deep; all else must be equal. */
  expect: z.unknown().optional(),
})

/** One packaging request, parsed once, at the edge. */
export const buildRequestSchema = z
  .strictObject({
    function: functionNameSchema,
    type: z.enum(['event', 'http']).default('event'),
    runtime: z.enum(RUNTIME_NAMES),
    /** Without it the profile's default; which ones there are is the profile's to say. */
    version: z.string().max(64).optional(),
    architecture: z.enum(['x86_64', 'aarch64']).default('x86_64'),
    /** Its form and length are the profile's to judge. */
    handler: z.string().max(1024).optional(),
    initializer: z.string().max(1024).optional(),
    source: sourceSchema,
    build: buildOptionsSchema.prefault({}),
    /** Dependency packages to attach; how many is the profile's to judge. */
    dependencies: z.array(dependencyRefSchema).max(LIMITS.dependenciesMax).optional(),
    test: testSchema.optional(),
    callback: callbackSchema.optional(),
    labels: labelsSchema.optional(),
    priority: z
      .enum(['interactive', 'bulk'])
      .optional()
      .meta({
        description:
          'interactive builds go first. Without it a single build is interactive; builds of a batch ' +
          'are bulk whatever they ask for, and so is what a tenant asks for beyond its window.',
      }),
  })
  .meta({ id: 'BuildRequest' })

/** As a caller writes it. */
export type BuildRequestInput = z.input<typeof buildRequestSchema>
/** As the schema leaves it; `resolveRequest` fills in the version. */
export type ParsedBuildRequest = z.output<typeof buildRequestSchema>

/** Complete, as a build shows it: of type `dependency` it makes what `function` names. */
export const resolvedRequestSchema = buildRequestSchema
  .extend({
    type: z.enum(['event', 'http', 'dependency']),
    source: resolvedSourceSchema,
    version: z.string(),
    dependencies: z.array(dependencyPinSchema).readonly().optional(),
    /** Its secret is kept apart, sealed. */
    callback: callbackSchema.pick({ url: true }).optional(),
  })
  .meta({ id: 'ResolvedRequest' })

/** Version resolved, handler form checked against the profile, dependency packages pinned. */
export type BuildRequest = Omit<z.output<typeof resolvedRequestSchema>, 'source'> & {
  source: SourceSpec
}
export type Architecture = BuildRequest['architecture']
