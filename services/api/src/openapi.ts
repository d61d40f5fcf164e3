import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import {
  batchChangeSchema,
  buildEventSchema,
  callbackEventSchema,
  type FailureCode,
  logChunkSchema,
  problemSchema,
} from '@packline/shared'
import { otherMethodResponse, problemsOf } from './describe-problems.ts'
import { requestOf } from './describe-request.ts'
import { responsesOf } from './describe-responses.ts'
import { batchPaths } from './descriptions/batches.ts'
import { buildPaths } from './descriptions/builds.ts'
import { credentialPaths } from './descriptions/credentials.ts'
import { dependencyPaths } from './descriptions/dependencies.ts'
import { type Description, scopeOf } from './descriptions/description.ts'
import { filePaths } from './descriptions/files.ts'
import { functionPaths } from './descriptions/functions.ts'
import { hookPaths } from './descriptions/hooks.ts'
import { keyPaths } from './descriptions/keys.ts'
import { noticePaths } from './descriptions/notices.ts'
import { packagePaths } from './descriptions/packages.ts'
import { platformPaths } from './descriptions/platform.ts'
import { uploadPaths } from './descriptions/uploads.ts'

/** Every route but the description itself and the page that shows it. */
export const DESCRIPTIONS: readonly Description[] = [
  ...buildPaths,
  ...batchPaths,
  ...credentialPaths,
  ...keyPaths,
  ...dependencyPaths,
  ...noticePaths,
  ...hookPaths,
  ...functionPaths,
  ...filePaths,
  ...packagePaths,
  ...uploadPaths,
  ...platformPaths,
]

/** Schemas that answers name without holding them: problems, what streams and callbacks carry. */
const NAMED = [
  problemSchema,
  buildEventSchema,
  batchChangeSchema,
  logChunkSchema,
  callbackEventSchema,
].map((schema) => ({ type: 'schema' as const, schema }))

/** What no operation can say, as it belongs to none. */
const ABOUT = `Makes and proves deployment packages.

A path that is described here answers any other method with 405 and those that it takes in \`Allow\`,
as in \`#/components/responses/MethodNotAllowed\`; any other path is 404. What can not be read as
HTTP is answered 400 \`INVALID_REQUEST\`, whatever its path, and the connection ends. All of these
are problems too.`

let made: object | undefined

/** The API's description, OpenAPI 3.1, made once from the schemas that requests are parsed with. */
export function openApi(): object {
  made ??= generate()
  return made
}

/** Every way in which a call can fail, those of all calls too. */
export function failuresOf(description: Description): FailureCode[] {
  const [method, path, , particulars] = description
  const { upload, keyed, open, known, fails = [] } = particulars
  const scope = scopeOf(description)
  const sends = method !== 'get' && method !== 'delete'
  const all: (FailureCode | false | undefined)[] = [
    // Of a path behind a key the query is read, at least.
    !open || path.includes('{') ? 'INVALID_REQUEST' : undefined,
    !open && 'NOT_AUTHENTICATED',
    scope !== undefined && scope !== 'read' && 'SCOPE_MISSING',
    !open && 'TOO_MANY_REQUESTS',
    sends && !upload ? 'BODY_TOO_LARGE' : undefined,
    keyed && 'IDEMPOTENCY_MISMATCH',
    takesKey(description) && 'IDEMPOTENCY_IN_USE',
    'HEADERS_TOO_LARGE',
    'TOO_SLOW',
    ...fails,
    !known && 'RECORDS_UNAVAILABLE',
    !known && 'BUG',
  ]
  return all.filter((code) => typeof code === 'string')
}

function generate(): object {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  registry.registerComponent('responses', 'MethodNotAllowed', otherMethodResponse())
  for (const description of DESCRIPTIONS) {
    const [method, path, summary, particulars] = description
    const scope = scopeOf(description)
    registry.registerPath({
      method,
      path,
      operationId: operationId(method, path),
      summary,
      description: noteOf(description),
      tags: [path.startsWith('/hooks/') ? 'hooks' : (path.split('/')[2] ?? 'health')],
      security: scope === undefined ? [] : [{ key: [scope] }],
      request: requestOf(path, particulars, takesKey(description)),
      responses: {
        ...responsesOf(particulars),
        ...problemsOf(failuresOf(description), particulars),
      },
    })
  }
  return new OpenApiGeneratorV31([...NAMED, ...registry.definitions]).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Packline',
      version: '1',
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
  })
}

/** What a caller should know before, and what its key must be good for. */
function noteOf(description: Description): string | undefined {
  const [, , , { note }] = description
  const scope = scopeOf(description)
  const needs = scope && `Needs a key with the scope \`${scope}\`.`
  return [note, needs].filter(Boolean).join(' ') || undefined
}

/** Every POST behind a key of ours; those that create answer the same for it. */
function takesKey([method, path]: Description): boolean {
  return method === 'post' && path.startsWith('/v1/')
}

/** `getBuildsIdLog` of `GET /v1/builds/{id}/log`: what generated clients call it. */
function operationId(method: string, path: string): string {
  const words = path.replace('/v1/', '/').match(/\w+/g) ?? []
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}
