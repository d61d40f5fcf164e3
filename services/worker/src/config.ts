import { availableParallelism, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandLimits, limitSettings, limitsOf } from '@packline/engine'
import { outboundAllowSchema } from '@packline/outbound'
import {
  type ObjectStore,
  objectStoresVariable,
  PacklineError,
  type RegistryHost,
  type RegistrySettings,
  registryHostsVariable,
  registrySettingsSchema,
} from '@packline/shared'
import * as z from 'zod'

const MIB = 1024 * 1024
const flag = z.enum(['0', '1']).default('0')
const registries = z
  .string()
  .default('{}')
  .transform((text, { addIssue }) => {
    try {
      return JSON.parse(text)
    } catch {
      addIssue('must be JSON')
      return z.NEVER
    }
  })
  .pipe(registrySettingsSchema)

/** Each variable that the service reads, as docs/operation.md has them; a test compares. */
export const environmentSchema = z.object({
  PACKLINE_REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  PACKLINE_STORE_URL: z.url(),
  /** 32 bytes, base64: what secrets are kept with. */
  PACKLINE_SECRET_KEY: z.string().optional(),
  PACKLINE_PROFILE: z.string().default('ctyun-functiongraph'),
  PACKLINE_PREFIX: z
    .string()
    .regex(/^\{[a-z0-9-]+\}$/)
    .default('{packline}'),
  /** Of this machine or container alone: what its dead workers left there is removed. */
  PACKLINE_SCRATCH: z.string().default(join(tmpdir(), 'packline')),
  PACKLINE_CACHE: z.string().default(join(tmpdir(), 'packline-cache')),
  /** Mirrors of git repositories in the cache, of all tenants together; 0: none are kept. */
  PACKLINE_MIRRORS_MIB_MAX: z.coerce.number().int().min(0).default(10_240),
  PACKLINE_BWRAP: z.string().optional(),
  PACKLINE_UNSANDBOXED: flag,
  /** Whose builds run even where no sandbox can be made: those of who started all of it. */
  PACKLINE_UNSANDBOXED_TENANT: z.string().optional(),
  ...limitSettings,
  PACKLINE_REGISTRIES: registries,
  PACKLINE_REGISTRY_HOSTS: registryHostsVariable,
  /** Builds that one worker has under way; most of them wait for something. */
  PACKLINE_BUILDS_MAX: z.coerce.number().int().min(1).max(256).default(48),
  /** Builds run as users of their own: one id per tool slot from here on, below `nobody`'s. */
  PACKLINE_UID_BASE: z.coerce.number().int().min(1000).max(65_000).default(61_000),
  PACKLINE_TOOL_SLOTS: z.coerce.number().int().min(1).max(256).default(availableParallelism()),
  /** Git repositories on this machine's own disk may be sources. */
  PACKLINE_LOCAL_GIT: flag,
  PACKLINE_OUTBOUND_ALLOW: outboundAllowSchema,
  PACKLINE_OBJECT_STORES: objectStoresVariable,
  PACKLINE_PLAIN_HTTP_HOSTS: z.string().default(''),
  /** A stopped worker has ended by then; what runs long is handed back a little before. */
  PACKLINE_STOP_SECONDS: z.coerce.number().min(1).max(3600).default(20),
  PACKLINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  PACKLINE_WORKER: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .default(`${hostname()}-${process.pid}`),
  /** Where people look at a build, for commit statuses; `{build}` stands for its id. */
  PACKLINE_BUILD_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => url.includes('{build}'), { error: 'must hold {build}' })
    .optional(),
  PACKLINE_ALIVE_FILE: z.string().optional(),
  PATH: z.string().default('/usr/bin:/bin'),
  HOME: z.string().default('/'),
})

type Environment = z.output<typeof environmentSchema>

export interface Config {
  redisUrl: string
  storeUrl: string
  secretKey: string | undefined
  profile: string
  prefix: string
  scratch: string
  cache: string
  mirrorsBytesMax: number
  bwrap: string | undefined
  unsandboxed: boolean
  unsandboxedTenant: string | undefined
  limits: CommandLimits
  registries: RegistrySettings
  registryHosts: readonly RegistryHost[]
  buildsMax: number
  toolSlots: number
  uidBase: number
  localGit: boolean
  outboundAllow: readonly string[]
  objectStores: readonly ObjectStore[]
  plainHttpHosts: readonly string[]
  stopMs: number
  logLevel: string
  worker: string
  buildUrl: string | undefined
  aliveFile: string | undefined
  /** Where tool chains are looked for. */
  search: { path: string; home: string }
}

/** Reads the service's environment; throws INVALID_REQUEST naming each variable that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const parsed = environmentSchema.safeParse(environment)
  if (parsed.success) return configOf(parsed.data)
  const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new PacklineError(
    'INVALID_REQUEST',
    `The environment is not right:\n${mistakes.join('\n')}`,
  )
}

function configOf(values: Environment): Config {
  return {
    redisUrl: values.PACKLINE_REDIS_URL,
    storeUrl: values.PACKLINE_STORE_URL,
    secretKey: values.PACKLINE_SECRET_KEY || undefined,
    profile: values.PACKLINE_PROFILE,
    prefix: values.PACKLINE_PREFIX,
    scratch: values.PACKLINE_SCRATCH,
    cache: values.PACKLINE_CACHE,
    mirrorsBytesMax: values.PACKLINE_MIRRORS_MIB_MAX * MIB,
    bwrap: values.PACKLINE_BWRAP,
    unsandboxed: values.PACKLINE_UNSANDBOXED === '1',
    unsandboxedTenant: values.PACKLINE_UNSANDBOXED_TENANT || undefined,
    limits: limitsOf(values),
    registries: values.PACKLINE_REGISTRIES,
    registryHosts: values.PACKLINE_REGISTRY_HOSTS,
    buildsMax: values.PACKLINE_BUILDS_MAX,
    toolSlots: values.PACKLINE_TOOL_SLOTS,
    uidBase: values.PACKLINE_UID_BASE,
    localGit: values.PACKLINE_LOCAL_GIT === '1',
    outboundAllow: values.PACKLINE_OUTBOUND_ALLOW,
    objectStores: values.PACKLINE_OBJECT_STORES,
    plainHttpHosts: values.PACKLINE_PLAIN_HTTP_HOSTS.split(',').filter((host) => host !== ''),
    stopMs: values.PACKLINE_STOP_SECONDS * 1000,
    logLevel: values.PACKLINE_LOG_LEVEL,
    worker: values.PACKLINE_WORKER,
    buildUrl: values.PACKLINE_BUILD_URL,
    aliveFile: values.PACKLINE_ALIVE_FILE,
    search: { path: values.PATH, home: values.HOME },
  }
}
