import { makeQueues, type Records } from '@packline/records'
import type { Profile } from '@packline/shared'
import type { Store } from '@packline/stores'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { makeApp } from './app.ts'
import { openApi } from './openapi.ts'

interface Operation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  security?: object[]
  parameters?: { name: string; in: string; required?: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, unknown> }>
}
interface Document {
  openapi: string
  info: { title: string; version: string; description: string }
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, object>>
}

const document = openApi() as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

/** Express keeps its routes in a stack of layers; a mounted router is a layer with a stack. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> }
  handle: { stack?: Layer[] }
  match(path: string): { path: string } | false
}

const redis = new Redis({ lazyConnect: true })
afterAll(() => redis.disconnect())

/** Every route of the real app, as `GET /v1/builds/{id}`. Nothing of it is called here. */
function routesOfApp(): string[] {
  const surroundings = {
    records: {} as Records,
    store: {} as Store,
    profile: { runtimes: {}, limits: {} } as Profile,
    scratch: '',
    limits: { perMinute: 1, atOnce: 1 },
    logger: pino({ level: 'silent' }),
    checkAddress: () => undefined,
    window: async () => 1,
    stopping: new AbortController().signal,
  }
  const app = makeApp(surroundings, async () => undefined, makeQueues({ connection: redis }))
  return routesOf((app.router as unknown as { stack: Layer[] }).stack, '')
}

const PLACES = [
  '/v1/builds',
  '/v1/batches',
  '/v1/credentials',
  '/v1/dependencies',
  '/v1/hooks',
  '/v1/keys',
  '/v1/key',
  '/v1/audit',
  '/v1/functions',
  '/v1/templates',
  '/v1/uploads',
  '/v1',
  '/hooks',
  '/admin/queues',
  '/docs',
  '/',
]

function routesOf(stack: readonly Layer[], prefix: string): string[] {
  return stack.flatMap((layer) => {
    if (layer.route) {
      const path = `${prefix}${layer.route.path}`
        .replace(/(?<=.)\/$/, '')
        .replace(/[:*](\w+)/g, '{$1}')
      const methods = Object.keys(layer.route.methods).filter((name) => name !== '_all')
      return methods.map((method) => `${method.toUpperCase()} ${path}`)
    }
    const { stack: inner } = layer.handle
    if (!inner) return []
    const mounted = PLACES.map((place) => layer.match(place)).find(Boolean) || { path: '?' }
    // The board and the page are for eyes only.
    return ['/admin/queues', '/docs'].includes(mounted.path) ? [] : routesOf(inner, mounted.path)
  })
}

const KNOWN = ['/healthz']

describe('the description of the API', () => {
  test('has every route of the app, and no other', () => {
    const described = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`)
    expect(routesOfApp().toSorted()).toEqual([...described, 'GET /openapi.json'].toSorted())
  })

  test('is a valid document, and names each operation once', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document) as never)
    expect([valid, errors]).toEqual([true, undefined])
    const names = operations.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('getBuildsIdLog')
  })

  test('is of OpenAPI 3.1, each operation with its summary, tag and answers', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: 'Packline', version: '1' })
    for (const { path, operation } of operations) {
      expect([path, operation.summary]).toEqual([path, expect.stringMatching(/^[A-Z]/)])
      expect([path, operation.tags?.length]).toEqual([path, 1])
      // What a process knows it answers, whatever happens around it.
      const isSure = Object.keys(operation.responses).every((status) => !status.startsWith('5'))
      expect([path, isSure]).toEqual([path, KNOWN.includes(path)])
      for (const answer of Object.values(operation.responses)) {
        expect(answer.description).not.toBe('')
      }
    }
  })

  test('says of secrets where code is uploaded', () => {
    const operation = document.paths['/v1/uploads']?.post
    expect(operation?.description).toContain('must not carry passwords or keys in clear text')
  })

  test('declares every parameter of a path, as required, and no other', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect([path, declared.map(({ name }) => name)]).toEqual([path, inPath])
      expect(declared.every(({ required }) => required)).toBe(true)
    }
  })

  test('says what is no operation of its own: other methods, and headers that are too large', () => {
    expect(document.info.description).toContain('#/components/responses/MethodNotAllowed')
    expect(document.components.responses?.MethodNotAllowed).toMatchObject({
      headers: { Allow: { schema: { type: 'string' } } },
      content: { 'application/problem+json': { examples: { METHOD_NOT_ALLOWED: {} } } },
    })
    for (const { path, method, operation } of operations) {
      const statuses = Object.keys(operation.responses)
      expect([method, path, statuses]).toEqual([
        method,
        path,
        expect.arrayContaining(['408', '431']),
      ])
    }
  })

  test('leads every reference somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)]
    expect(references.length).toBeGreaterThan(0)
    for (const [, reference = ''] of references) {
      const steps = reference.replace(/^#\//, '').split('/')
      const found = steps.reduce<unknown>((at, step) => Reflect.get(at ?? {}, step), document)
      expect([reference, found]).toEqual([reference, expect.any(Object)])
    }
  })

  test('opens without a key what needs none, and nothing else', () => {
    const open = operations.filter(({ operation }) => operation.security?.length === 0)
    expect(open.map(({ path }) => path)).toEqual(['/hooks/{id}', '/healthz', '/readyz'])
    expect(document.components.securitySchemes).toEqual({ key: { type: 'http', scheme: 'bearer' } })
  })

  test('describes bodies, queries and headers as the requests are parsed', () => {
    const build = document.paths['/v1/builds']
    const batch = document.components.schemas?.BatchRequest
    expect(JSON.stringify(batch)).toContain('"maxItems":10000')
    expect(build?.post?.requestBody?.content).toMatchObject({
      'application/json': { schema: { $ref: '#/components/schemas/BuildRequest' } },
    })
    const names = build?.get?.parameters?.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['cursor', 'limit', 'state', 'function', 'batch', 'label', 'after']),
    )
    const headers = build?.post?.parameters?.map(({ name }) => name)
    expect(headers).toEqual(['Idempotency-Key'])
    const events = document.paths['/v1/batches/{id}/events']?.get
    expect(events?.parameters?.map(({ name }) => name)).toContain('Last-Event-ID')
    expect(Object.keys(events?.responses['200']?.content ?? {})).toEqual(['text/event-stream'])
  })
})
