import type { FailureCase } from './failure-case.ts'
import { delivery } from './ground.ts'

const PRIVATE = { provider: 'github', token: 'token', api: 'https://10.0.0.1/api' }
const HOOK = { provider: 'github', repository: 'https://git.invalid/a/b.git' }
const TOKEN = { kind: 'git-token', host: 'git.invalid', token: 'token' }
const HOOKS_MAX = 1000
const CREDENTIALS_MAX = 200
const KEYS_MAX = 1000

/** Of builds and batches, by what has become of them. */
const BUILD_CASES: FailureCase[] = [
  ['POST /v1/builds/{id}/cancel', 'CONFLICT', () => ({})],
  ['POST /v1/builds/{id}/retry', 'CONFLICT', ({ waiting: id }) => ({ path: { id } })],
  [
    'POST /v1/builds/{id}/retry',
    'DEPENDENCY_PACKAGE_NOT_FOUND',
    ({ failed }) => ({ path: { id: failed.build } }),
  ],
  [
    'POST /v1/builds/{id}/retry',
    'SECRETS_LOCKED',
    ({ told }) => ({ path: { id: told.build }, isLocked: true }),
  ],
  ['GET /v1/batches/{id}/packages', 'CONFLICT', ({ waitingBatch: id }) => ({ path: { id } })],
  ['POST /v1/batches/{id}/retry', 'CONFLICT', ({ waitingBatch: id }) => ({ path: { id } })],
  ['POST /v1/batches/{id}/retry', 'DEPENDENCY_PACKAGE_NOT_FOUND', () => ({})],
  [
    'POST /v1/batches/{id}/retry',
    'SECRETS_LOCKED',
    ({ told }) => ({ path: { id: told.batch }, isLocked: true }),
  ],
]

/** Of what others hold on to, and of what there is too much of. */
const KEPT_CASES: FailureCase[] = [
  ['DELETE /v1/dependencies/{name}', 'CONFLICT', () => ({})],
  ['DELETE /v1/dependencies/{name}/revisions/{revision}', 'CONFLICT', () => ({})],
  ['DELETE /v1/functions/{name}', 'CONFLICT', () => ({})],
  [
    'DELETE /v1/functions/{name}/aliases/{alias}',
    'CONFLICT',
    () => ({ path: { alias: 'current' } }),
  ],
  [
    'PUT /v1/credentials/{name}',
    'CONFLICT',
    () => ({ path: { name: 'more' }, json: TOKEN }),
    async ({ redis, keys }) => {
      const names = Array.from({ length: CREDENTIALS_MAX }, (_, at) => `c${at}`)
      await redis.hset(keys.credentials('one'), Object.fromEntries(names.map((name) => [name, ''])))
      return () => redis.hdel(keys.credentials('one'), ...names)
    },
  ],
  ['PUT /v1/credentials/{name}', 'SECRETS_LOCKED', () => ({ json: TOKEN, isLocked: true })],
]

const HOOK_CASES: FailureCase[] = [
  [
    'POST /v1/hooks',
    'CONFLICT',
    () => ({ json: HOOK }),
    async ({ redis, keys }) => {
      const ids = Array.from({ length: HOOKS_MAX }, (_, at) => `x${at}`)
      await redis.zadd(keys.hooks('one'), ...ids.flatMap((id) => [0, id]))
      return () => redis.zrem(keys.hooks('one'), ...ids)
    },
  ],
  ['POST /v1/hooks', 'SECRETS_LOCKED', () => ({ json: HOOK, isLocked: true })],
  ['POST /v1/hooks', 'SOURCE_NOT_ALLOWED', () => ({ json: { ...HOOK, status: PRIVATE } })],
  ['PATCH /v1/hooks/{id}', 'SECRETS_LOCKED', () => ({ json: {}, isLocked: true })],
  ['PATCH /v1/hooks/{id}', 'SOURCE_NOT_ALLOWED', () => ({ json: { status: PRIVATE } })],
  ['POST /v1/hooks/{id}/deliveries/{delivery}/redeliver', 'CONFLICT', () => ({})],
  [
    'POST /v1/hooks/{id}/deliveries/{delivery}/redeliver',
    'SECRETS_LOCKED',
    () => ({ isLocked: true }),
  ],
  ['POST /hooks/{id}', 'NOT_AUTHENTICATED', () => ({ json: {} })],
  ['POST /hooks/{id}', 'SECRETS_LOCKED', () => ({ json: {}, isLocked: true })],
  [
    'POST /hooks/{id}',
    'INVALID_REQUEST',
    ({ hook }) => {
      const told = { ref: 'x', repository: { clone_url: 'https://git.invalid/others' } }
      const { body, headers } = delivery(hook, 'push', told)
      const bytes = new Uint8Array(Buffer.from(String(body)))
      return { bytes, headers: headers as Record<string, string> }
    },
  ],
]

const FUNCTION_CASES: FailureCase[] = [
  ['PUT /v1/functions/{name}', 'UNKNOWN_RUNTIME', () => ({ json: { runtime: 'cobol' } })],
  ['PUT /v1/functions/{name}', 'UNKNOWN_VERSION', () => put({ version: '0.1' })],
  ['PUT /v1/functions/{name}', 'HANDLER_FORM', () => put({ handler: 'x' })],
  ['PUT /v1/functions/{name}', 'CONFLICT', () => put({ runtime: 'go', handler: 'a.B' })],
  [
    'PUT /v1/functions/{name}',
    'EDIT_REFUSED',
    () => ({
      ...put({ runtime: 'java', handler: 'a.B.c', template: true }),
      path: { name: 'never' },
    }),
  ],
  [
    'GET /v1/templates/{runtime}/package',
    'UNKNOWN_RUNTIME',
    () => ({ path: { runtime: 'cobol' } }),
  ],
  [
    'GET /v1/templates/{runtime}/package',
    'NOT_FOUND',
    () => ({ path: { runtime: 'python' }, query: '?type=http' }),
  ],
]

function put(changes: object) {
  return { json: { runtime: 'nodejs', handler: 'index.handler', ...changes } }
}

const KEY_CASES: FailureCase[] = [
  [
    'POST /v1/keys',
    'CONFLICT',
    () => ({ json: { name: 'one more' } }),
    async ({ redis, keys }) => {
      const ids = Array.from({ length: KEYS_MAX }, (_, at) => `x${at}`)
      await redis.zadd(keys.apiKeys('one'), ...ids.flatMap((id) => [0, id]))
      return () => redis.zrem(keys.apiKeys('one'), ...ids)
    },
  ],
  [
    'POST /v1/keys',
    'SECRETS_LOCKED',
    () => ({ json: { name: 'a' }, headers: { 'idempotency-key': 'locked' }, isLocked: true }),
  ],
]

export const STATE_CASES: readonly FailureCase[] = [
  ...BUILD_CASES,
  ...KEPT_CASES,
  ...HOOK_CASES,
  ...KEY_CASES,
  ...FUNCTION_CASES,
]
