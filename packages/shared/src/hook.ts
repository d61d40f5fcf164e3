import * as z from 'zod'
import { commitStatusSchema } from './commit-status.ts'
import { credentialNameSchema } from './credential.ts'
import { labelsSchema } from './labels.ts'
import { LIMITS } from './limits.ts'
import { listedFunctionSchema } from './manifest.ts'
import { says } from './says.ts'
import { entryPathSchema, repositoryUrlSchema } from './source.ts'

/** Forgejo signs as Gitea does; `generic` is Standard Webhooks. */
export const HOOK_PROVIDERS = ['github', 'gitlab', 'gitea', 'gitee', 'generic'] as const
export type HookProvider = (typeof HOOK_PROVIDERS)[number]

/** Names of branches or tags: `*` takes no slash, `**` takes all. */
const patterns = z.array(z.string().min(1).max(LIMITS.patternCharsMax)).max(50)

/** Visible ASCII that may stand in a header. */
const secret = z.string().regex(
  /^[\x21-\x7e]{16,256}$/,
  says({
    en: 'must be 16 to 256 visible ASCII characters',
    zh: '应为 16 到 256 个可见的 ASCII 字符',
  }),
)

const WHSEC = /^whsec_([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const functionsOfHook = z.union([
  z.strictObject({ manifest: entryPathSchema.describe('The path of packline.yaml.') }),
  z.array(listedFunctionSchema).min(1).max(500),
])

const hookFields = {
  repository: repositoryUrlSchema
    .refine(
      (url) => repositoryOf(url) !== undefined,
      says({
        en: 'must be the address git clones from: https://, ssh:// or user@host:path',
        zh: '应为 git 克隆所用的地址：https://、ssh:// 或 user@host:path',
      }),
    )
    .describe('Cloned from; deliveries of another repository are refused.'),
  credential: credentialNameSchema
    .optional()
    .describe('The name of the one to clone with; without it that of the host, if there is one.'),
  branches: patterns.optional().describe('Without branches and tags: all branches, no tags.'),
  tags: patterns.optional(),
  functions: functionsOfHook.default({ manifest: 'packline.yaml' }),
  signed: z
    .boolean()
    .default(false)
    .describe('GitLab and Gitee: a plain token or password is not enough.'),
  active: z.boolean().default(true).describe('false: deliveries are taken and nothing is built.'),
  labels: labelsSchema.optional().describe('Of each build.'),
}

/** Binds a repository and functions of it to a secret. */
export const hookRequestSchema = z
  .strictObject({
    provider: z.enum(HOOK_PROVIDERS),
    ...hookFields,
    secret: secret.optional().describe('Without it one is made, and shown once.'),
    status: commitStatusSchema.optional(),
  })
  .refine(({ provider, secret: given }) => provider !== 'generic' || !given || WHSEC.test(given), {
    path: ['secret'],
    ...says({
      en: 'must be "whsec_" and base64 for a generic hook',
      zh: 'provider 为 generic 时应为 "whsec_" 加 base64',
    }),
  })
  .meta({ id: 'HookRequest' })

/** `null` takes away. A hook keeps its provider. */
export const hookChangesSchema = z
  .strictObject({
    repository: hookFields.repository.optional(),
    credential: credentialNameSchema.nullable().optional(),
    branches: patterns.nullable().optional(),
    tags: patterns.nullable().optional(),
    functions: functionsOfHook.optional(),
    signed: z.boolean().optional(),
    active: z.boolean().optional(),
    labels: labelsSchema.nullable().optional(),
    secret: secret.optional(),
    status: commitStatusSchema.nullable().optional(),
  })
  .meta({ id: 'HookChanges' })

export const hookViewSchema = z
  .object({
    id: z.string(),
    provider: z.enum(HOOK_PROVIDERS),
    repository: z.string(),
    credential: credentialNameSchema.optional(),
    branches: patterns.optional(),
    tags: patterns.optional(),
    functions: functionsOfHook,
    signed: z.boolean(),
    active: z.boolean(),
    labels: labelsSchema.optional(),
    status: commitStatusSchema.omit({ token: true }).optional(),
    deliverTo: z.string().describe('The path that the git server is to send to.'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Hook' })

/** The only answer with the secret, and only with one that was made. */
export const hookMadeSchema = hookViewSchema
  .extend({ secret: z.string().optional().describe('Shown this once.') })
  .meta({ id: 'HookMade' })

export type HookRequest = z.output<typeof hookRequestSchema>
export type HookRequestInput = z.input<typeof hookRequestSchema>
export type HookChanges = z.output<typeof hookChangesSchema>
export type HookView = z.output<typeof hookViewSchema>
export type HookMade = z.output<typeof hookMadeSchema>

/**
 * What tells a repository from another, however it is written: `host/path` in lower case but for
 * the path, without user and `.git`; the port stays where it is http's and not the usual one.
 * Undefined for what is no address of one.
 */
export function repositoryOf(url: string): string | undefined {
  const short = /^[\w.-]+@([\w.-]+):(?!\/\/)(.+)$/.exec(url)
  const parsed = short ? undefined : URL.parse(url)
  if (!short && !/^(https?|ssh|git):$/.test(parsed?.protocol ?? '')) return undefined
  const isWeb = parsed?.protocol.startsWith('http') ?? false
  const host = (short?.[1] ?? (isWeb ? parsed?.host : parsed?.hostname) ?? '').toLowerCase()
  const path = (short?.[2] ?? parsed?.pathname ?? '')
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
  return host === '' || path === '' ? undefined : `${host}/${path}`
}
