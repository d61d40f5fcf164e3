import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { MINIO_VERSION } from '@packline/setup'
import ignore from 'ignore'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { environmentSchema as apiEnvironment } from '../../services/api/src/config.ts'
import { environmentSchema as workerEnvironment } from '../../services/worker/src/config.ts'
import { needs } from '../harness/needs.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const read = (place: string) => readFileSync(path.join(ROOT, place), 'utf8')

interface Service {
  image: string
  command?: string[]
  container_name?: string
  ports?: string[]
  volumes?: string[]
  build?: { context: string; dockerfile: string }
  environment?: Record<string, string>
  healthcheck?: { test: string[] }
  depends_on?: Record<string, { condition: string }>
  security_opt?: string[]
  cap_drop?: string[]
  cap_add?: string[]
}

/** What a service reads and the compose file leaves as it is, and why. */
const NOT_PASSED_ON: Record<'api' | 'worker', Record<string, string>> = {
  api: { PACKLINE_PREFIX: 'the Redis of the compose file has one installation' },
  worker: {
    PACKLINE_PREFIX: 'as of the API',
    PACKLINE_WORKER: 'no two containers may have the same; each has its host name',
    PACKLINE_BWRAP: 'the image has it on PATH',
    PACKLINE_UNSANDBOXED: 'the container may make sandboxes',
    PACKLINE_UNSANDBOXED_TENANT: 'the same',
    PACKLINE_LOCAL_GIT: 'the container has no repositories of its own',
    PATH: 'of the image',
    HOME: 'of the image',
  },
}

const compose = parse(read('docker-compose.yml')) as { services: Record<string, Service> }
const { redis, minio, api, worker } = compose.services

test('the images have the pages of the rules, which API and command line show, and no others', () => {
  const left = ignore().add(read('.dockerignore'))
  const pages = ['docs/rules.md', 'docs/rules.zh.md', 'docs/architecture.md', 'docs/decisions']
  expect(left.filter(pages)).toEqual(pages.slice(0, 2))
})

describe('docker-compose.yml', () => {
  test('has the four services, each with a health check', () => {
    expect(Object.keys(compose.services)).toEqual(['redis', 'minio', 'api', 'worker'])
    const unchecked = Object.values(compose.services).filter(
      ({ healthcheck }) => !healthcheck?.test,
    )
    expect(unchecked).toEqual([])
  })

  test('runs a Redis that appends every write and evicts nothing', () => {
    const command = redis?.command?.join(' ')
    expect(command).toContain('--appendonly yes')
    expect(command).toContain('--maxmemory-policy noeviction')
  })

  test('lets nobody into Redis without the password: builds run on the same network', () => {
    const secret = `\${PACKLINE_REDIS_SECRET:?set it, see deploy/example.env}`
    expect(redis?.command?.join(' ')).toContain(`--requirepass ${secret}`)
    expect(redis?.environment?.REDISCLI_AUTH).toBe(`\${PACKLINE_REDIS_SECRET}`)
    for (const service of [api, worker]) {
      expect(service?.environment?.PACKLINE_REDIS_URL).toBe(
        `redis://:\${PACKLINE_REDIS_SECRET}@redis:6379`,
      )
    }
  })

  test('builds MinIO from the version that everything else is tested with', () => {
    expect(minio?.build?.dockerfile).toBe('deploy/minio.Dockerfile')
    expect(minio?.image).toBe(`packline-minio:${MINIO_VERSION}`)
    expect(read('deploy/minio.Dockerfile')).toContain(`ARG MINIO_VERSION=${MINIO_VERSION}\n`)
  })

  test.each([
    ['api', api, apiEnvironment],
    ['worker', worker, workerEnvironment],
  ] as const)('passes every setting on that the %s reads, and no other', (name, service, read) => {
    const passed = Object.keys(service?.environment ?? {})
    const left = Object.keys(NOT_PASSED_ON[name])
    expect([...passed, ...left].toSorted()).toEqual(Object.keys(read.shape).toSorted())
  })

  test('lets workers scale: no name, no port, a health check without one', () => {
    expect(worker).not.toHaveProperty('container_name')
    expect(worker).not.toHaveProperty('ports')
    expect(worker?.healthcheck?.test.join(' ')).toContain(worker?.environment?.PACKLINE_ALIVE_FILE)
  })

  test('publishes the API alone, on 127.0.0.1', () => {
    const published = Object.entries(compose.services).filter(([, { ports }]) => ports)
    expect(published.map(([name]) => name)).toEqual(['api'])
    expect(api?.ports?.every((port) => port.startsWith('127.0.0.1:'))).toBe(true)
  })

  test('allows the worker what its sandbox needs, and the API nothing', () => {
    expect(worker?.security_opt).toEqual(
      expect.arrayContaining(['seccomp:unconfined', 'systempaths=unconfined']),
    )
    expect([worker?.cap_drop, api?.cap_drop]).toEqual([['ALL'], ['ALL']])
    expect(worker?.cap_add).not.toContain('SYS_ADMIN')
    expect(api).not.toHaveProperty('cap_add')
  })

  test('shows profiles of your own to API and worker, and lets neither write there', () => {
    for (const service of [api, worker])
      expect(service?.volumes).toContain('./profiles:/profiles:ro')
    expect(existsSync(path.join(ROOT, 'profiles'))).toBe(true)
  })

  test('starts API and worker when Redis and MinIO are healthy', () => {
    const healthy = { condition: 'service_healthy' }
    for (const service of [api, worker]) {
      expect(service?.depends_on).toEqual({ redis: healthy, minio: healthy })
    }
  })

  test('names only Dockerfiles and programs that are there', () => {
    for (const { build } of Object.values(compose.services)) {
      if (!build) continue
      const text = read(build.dockerfile)
      const entry = /^CMD \["node", "([^"]+)"\]/m.exec(text)?.[1]
      if (entry) expect(existsSync(path.join(ROOT, entry)), entry).toBe(true)
      for (const [, file = ''] of text.matchAll(/^COPY (deploy\/\S+)/gm)) {
        expect(existsSync(path.join(ROOT, file)), file).toBe(true)
      }
    }
  })

  test('asks for its secrets instead of having any', () => {
    const text = read('docker-compose.yml')
    const asked = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name).sort()
    expect(asked).toEqual(['PACKLINE_KEYS', 'PACKLINE_REDIS_SECRET', 'PACKLINE_STORE_SECRET'])
    for (const name of asked) expect(read('deploy/example.env')).toMatch(RegExp(`^${name}=.`, 'm'))
  })

  test('is what docker compose takes', (context) => {
    needs(context, 'compose')
    const args = ['compose', '--env-file', 'deploy/example.env', 'config', '--quiet']
    const { status, stderr } = spawnSync('docker', args, { cwd: ROOT, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
  })
})
