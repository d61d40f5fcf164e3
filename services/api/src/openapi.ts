import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { batchRequestSchema, buildRequestSchema, dependencyRequestSchema } from '@packline/shared'
import * as z from 'zod'
import { buildsQuery, deploymentQuery, pageQuery, uploadQuery } from './query.ts'

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    hint: z.string().optional(),
    at: z.string().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' })
const accepted = z.object({ id: z.string(), events: z.string() }).meta({ id: 'Accepted' })
const json = (schema: z.ZodType) => ({ 'application/json': { schema } })
const anything = json(z.looseObject({}))

const CYCLONEDX = 'application/vnd.cyclonedx+json'

/** One row per path: method, path, summary, and what differs from the rule. */
const PATHS: readonly Row[] = [
  ['post', '/v1/builds', 'Ask for a build', { body: buildRequestSchema, status: 202, keyed: true }],
  ['get', '/v1/builds', 'List builds, newest first', { query: buildsQuery }],
  ['get', '/v1/builds/{id}', 'One build'],
  ['get', '/v1/builds/{id}/events', 'Its events from the first, then as they come', { sse: true }],
  ['get', '/v1/builds/{id}/log', 'What its tools printed', { type: 'text/plain' }],
  ['get', '/v1/builds/{id}/report', 'Findings, verdict, tools and pins'],
  ['get', '/v1/builds/{id}/configuration', 'What the platform is told beside the package'],
  ['get', '/v1/builds/{id}/sbom', 'What lies in the package, CycloneDX 1.6', { type: CYCLONEDX }],
  [
    'get',
    '/v1/builds/{id}/deployment',
    "Bodies for the platform's calls that create and change the function",
    { query: deploymentQuery },
  ],
  ['get', '/v1/builds/{id}/package', 'The package', { type: 'application/zip' }],
  ['post', '/v1/builds/{id}/cancel', 'Cancel it'],
  ['post', '/v1/builds/{id}/retry', 'Ask for the same again', { status: 202, keyed: true }],
  [
    'post',
    '/v1/batches',
    'Ask for many builds',
    { body: batchRequestSchema, status: 202, keyed: true },
  ],
  ['get', '/v1/batches', 'List batches, newest first', { query: pageQuery }],
  ['get', '/v1/batches/{id}', 'One batch with its counts'],
  ['get', '/v1/batches/{id}/events', 'State changes with counts, as they come', { sse: true }],
  ['post', '/v1/batches/{id}/cancel', 'Cancel what has not ended'],
  ['post', '/v1/batches/{id}/retry', 'Ask again for what failed', { status: 202, keyed: true }],
  [
    'post',
    '/v1/dependencies',
    'Ask for a dependency package',
    { body: dependencyRequestSchema, status: 202, keyed: true },
  ],
  ['get', '/v1/dependencies', 'List dependency packages by name', { query: pageQuery }],
  ['get', '/v1/dependencies/{name}', 'One with its newest revision'],
  ['delete', '/v1/dependencies/{name}', 'Delete it, where nobody uses it'],
  ['get', '/v1/dependencies/{name}/revisions', 'Its revisions, newest first', { query: pageQuery }],
  ['get', '/v1/dependencies/{name}/revisions/{revision}', 'One revision, and who uses it'],
  ['delete', '/v1/dependencies/{name}/revisions/{revision}', 'Delete it, where nobody uses it'],
  [
    'get',
    '/v1/dependencies/{name}/revisions/{revision}/package',
    'The package',
    { type: 'application/zip' },
  ],
  ['post', '/v1/uploads', 'Upload a ZIP or JAR', { upload: true, query: uploadQuery, status: 201 }],
  ['get', '/v1/runtimes', 'Runtimes and versions of the platform'],
  ['get', '/v1/limits', 'Limits of the platform and of Packline'],
  ['get', '/v1/workers', 'Workers that live'],
  ['get', '/healthz', 'Whether the process lives', { open: true }],
  ['get', '/readyz', 'Whether Redis and the store answer', { open: true }],
]

interface Particulars {
  body?: z.ZodType
  query?: z.ZodObject
  status?: number
  type?: string
  sse?: boolean
  upload?: boolean
  /** Takes an Idempotency-Key. */
  keyed?: boolean
  /** Needs no key. */
  open?: boolean
}
type Row = readonly ['get' | 'post' | 'delete', string, string, Particulars?]

let made: object | undefined

/** The API's description, OpenAPI 3.1, made once from the schemas that requests are parsed with. */
export function openApi(): object {
  made ??= generate()
  return made
}

function generate(): object {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  for (const [method, path, summary, particulars = {}] of PATHS) {
    registry.registerPath({
      method,
      path,
      summary,
      tags: [path.split('/')[2] ?? 'health'],
      security: particulars.open ? [] : [{ key: [] }],
      request: requestOf(path, particulars),
      responses: responsesOf(particulars),
    })
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Packline', version: '1', description: 'Makes and proves deployment packages.' },
  })
}

function requestOf(path: string, { body, query, upload, sse, keyed }: Particulars) {
  const headers = z.object({
    ...(keyed ? { 'Idempotency-Key': z.string().max(255).optional() } : {}),
    ...(sse ? { 'Last-Event-ID': z.string().optional() } : {}),
  })
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const params = z.object(Object.fromEntries(names.map((name) => [name, z.string()])))
  const archive = z.string().meta({ format: 'binary' })
  return {
    ...(names.length > 0 ? { params } : {}),
    ...(query ? { query } : {}),
    ...(keyed || sse ? { headers } : {}),
    ...(body ? { body: { required: true, content: json(body) } } : {}),
    ...(upload
      ? { body: { required: true, content: { 'application/zip': { schema: archive } } } }
      : {}),
  }
}

function responsesOf({ status = 200, type, sse }: Particulars) {
  const text = { schema: z.string() }
  const content = sse
    ? { 'text/event-stream': text }
    : type
      ? { [type]: text }
      : status === 202
        ? json(accepted)
        : anything
  const wrong = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: problem } },
  })
  return {
    [status]: { description: 'As asked for', content },
    '4XX': wrong('The caller has to change something'),
    '503': wrong('Redis or the object store is away; try again'),
  }
}
