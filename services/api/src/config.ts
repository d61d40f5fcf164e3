import { tmpdir } from 'node:os'
import { outboundAllowSchema } from '@packline/outbound'
import { type ObjectStore, objectStoresVariable, PacklineError } from '@packline/shared'
import * as z from 'zod'

const OPERATOR_KEY = 'expected at least 16 characters, none of them a space'

const port = z.coerce.number().int().min(0).max(65535)

/** As a browser sends them: scheme, host, and port where it is not the usual one. */
const corsOrigins = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine((origins) => origins.every((one) => URL.parse(one)?.origin === one), {
    error: 'expected origins such as https://console.example, with commas between',
  })

/** Each variable that the service reads, as docs/operation.md has them; a test compares. */
export const environmentSchema = z.object({
  PACKLINE_REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  PACKLINE_STORE_URL: z.url(),
  PACKLINE_HOST: z.string().default('127.0.0.1'),
  PACKLINE_PORT: port.default(8080),
  PACKLINE_KEYS: z.string().min(1),
  /** Opens the board of the queues, which shows all tenants; without it nothing does. */
  PACKLINE_OPERATOR_KEY: z
    .union([z.literal(''), z.string().regex(/^\S{16,}$/, { error: OPERATOR_KEY })])
    .optional(),
  /** 32 bytes, base64: what secrets are kept with. */
  PACKLINE_SECRET_KEY: z.string().optional(),
  PACKLINE_OUTBOUND_ALLOW: outboundAllowSchema,
  PACKLINE_OBJECT_STORES: objectStoresVariable,
  PACKLINE_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(60_000),
  PACKLINE_REQUESTS_AT_ONCE: z.coerce.number().int().min(1).default(1000),
  PACKLINE_CORS_ORIGINS: corsOrigins,
  PACKLINE_PROFILE: z.string().default('ctyun-functiongraph'),
  PACKLINE_SCRATCH: z.string().default(tmpdir()),
  PACKLINE_PREFIX: z
    .string()
    .regex(/^\{[a-z0-9-]+\}$/)
    .default('{packline}'),
  PACKLINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export interface Config {
  redisUrl: string
  storeUrl: string
  host: string
  port: number
  /** Tenant of each key. */
  keys: ReadonlyMap<string, string>
  operatorKey: string | undefined
  secretKey: string | undefined
  outboundAllow: readonly string[]
  objectStores: readonly ObjectStore[]
  /** Of each key. */
  limits: { perMinute: number; atOnce: number }
  corsOrigins: readonly string[]
  profile: string
  scratch: string
  prefix: string
  logLevel: string
}

/** Reads the service's environment; throws INVALID_REQUEST naming each variable that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const parsed = environmentSchema.safeParse(environment)
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new PacklineError(
      'INVALID_REQUEST',
      `The environment is not right:\n${mistakes.join('\n')}`,
    )
  }
  const values = parsed.data
  return {
    redisUrl: values.PACKLINE_REDIS_URL,
    storeUrl: values.PACKLINE_STORE_URL,
    host: values.PACKLINE_HOST,
    port: values.PACKLINE_PORT,
    keys: parseKeys(values.PACKLINE_KEYS),
    operatorKey: values.PACKLINE_OPERATOR_KEY || undefined,
    secretKey: values.PACKLINE_SECRET_KEY || undefined,
    outboundAllow: values.PACKLINE_OUTBOUND_ALLOW,
    objectStores: values.PACKLINE_OBJECT_STORES,
    limits: {
      perMinute: values.PACKLINE_REQUESTS_PER_MINUTE,
      atOnce: values.PACKLINE_REQUESTS_AT_ONCE,
    },
    corsOrigins: values.PACKLINE_CORS_ORIGINS,
    profile: values.PACKLINE_PROFILE,
    scratch: values.PACKLINE_SCRATCH,
    prefix: values.PACKLINE_PREFIX,
    logLevel: values.PACKLINE_LOG_LEVEL,
  }
}

/** `tenant:key,tenant:key`; a tenant may have several. */
function parseKeys(text: string): Map<string, string> {
  const keys = new Map<string, string>()
  for (const pair of text.split(',')) {
    const [, tenant, key] = /^\s*([a-z][a-z0-9-]{0,62}):(\S{16,})\s*$/.exec(pair) ?? []
    if (!tenant || !key) {
      throw new PacklineError(
        'INVALID_REQUEST',
        'PACKLINE_KEYS is not right: expected tenant:key pairs with commas between',
        { hint: 'A tenant is a lower-case name, a key has at least 16 characters.' },
      )
    }
    keys.set(key, tenant)
  }
  return keys
}
