import type { ReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import {
  type BatchCounts,
  type BatchRequestInput,
  type BatchView,
  type BuildEvent,
  type BuildReport,
  type BuildRequestInput,
  type BuildState,
  type BuildView,
  type DependencyRequestInput,
  type DependencyRevision,
  type DependencyUsers,
  type DependencyView,
  TERMINAL_STATES,
  type WorkerView,
} from '@packline/shared'
import { type Connection, connect } from './connection.ts'
import { followEvents } from './follow-events.ts'

/** One change of one build of a batch, with the counts after it. */
export interface BatchChange {
  seq: number
  build: string
  state: BuildState
  counts: BatchCounts
}

export interface Submitted {
  id: string
}

/** A page of a list; `next` is the cursor of the one after it. */
export interface Listed<T> {
  items: T[]
  next?: string
}

/**
 * The API, typed. Every call throws PacklineError with the API's own code, or SERVER_UNREACHABLE.
 * Streams of events resume by themselves after a cut and end with the build or the batch.
 */
export interface Client {
  submit(request: BuildRequestInput, options?: { idempotencyKey?: string }): Promise<Submitted>
  submitBatch(
    request: BatchRequestInput,
    options?: { idempotencyKey?: string },
  ): Promise<Submitted & { builds: string[] }>
  upload(
    content: ReadStream | Buffer,
    size: number,
  ): Promise<{ upload: string; format: 'zip' | 'jar' }>
  build(id: string): Promise<BuildView>
  builds(query?: Record<string, string>): Promise<Listed<BuildView>>
  batch(id: string): Promise<BatchView>
  report(id: string): Promise<BuildReport>
  log(id: string): Promise<string>
  download(id: string): Promise<Readable>
  cancel(id: string): Promise<BuildView>
  retry(id: string): Promise<Submitted>
  workers(): Promise<WorkerView[]>
  /** Asks for a dependency package; the build that makes it gives it its revision. */
  addDependency(
    request: DependencyRequestInput,
    options?: { idempotencyKey?: string },
  ): Promise<Submitted>
  dependency(name: string): Promise<DependencyView>
  dependencies(query?: Record<string, string>): Promise<Listed<DependencyView>>
  revision(
    name: string,
    revision: number,
  ): Promise<DependencyRevision & { usedBy: DependencyUsers }>
  revisions(name: string, query?: Record<string, string>): Promise<Listed<DependencyRevision>>
  downloadRevision(name: string, revision: number): Promise<Readable>
  /** All revisions, or one. Throws CONFLICT with who uses one of them. */
  removeDependency(name: string, revision?: number): Promise<{ dropped: number }>
  events(id: string, signal?: AbortSignal): AsyncIterable<BuildEvent>
  batchEvents(id: string, signal?: AbortSignal): AsyncIterable<BatchChange>
}

/** `url` without a path, such as `http://127.0.0.1:8080`. */
export function packlineClient(options: { url: string; key: string }): Client {
  const server = connect(options)
  const post = <T>(path: string, body?: unknown, headers?: Record<string, string>) =>
    server.json<T>(path, {
      method: 'POST',
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  const build = (id: string, what = '') => `/v1/builds/${encodeURIComponent(id)}${what}`
  const dependency = (name: string, revision?: number, what = '') =>
    `/v1/dependencies/${encodeURIComponent(name)}${revision === undefined ? '' : `/revisions/${revision}`}${what}`
  const batch = (id: string, what = '') => `/v1/batches/${encodeURIComponent(id)}${what}`
  return {
    submit: (request, given) => post('/v1/builds', request, keyed(given)),
    submitBatch: (request, given) => post('/v1/batches', request, keyed(given)),
    upload: (content, size) => upload(server, content, size),
    build: (id) => server.json(build(id)),
    builds: (query = {}) => server.json(`/v1/builds?${new URLSearchParams(query)}`),
    batch: (id) => server.json(batch(id)),
    report: (id) => server.json(build(id, '/report')),
    log: async (id) => (await server.ask(build(id, '/log'))).body.text(),
    download: async (id) => (await server.ask(build(id, '/package'))).body,
    cancel: (id) => post(build(id, '/cancel')),
    retry: (id) => post(build(id, '/retry')),
    workers: async () => (await server.json<{ items: WorkerView[] }>('/v1/workers')).items,
    addDependency: (request, given) => post('/v1/dependencies', request, keyed(given)),
    dependency: (name) => server.json(dependency(name)),
    dependencies: (query = {}) => server.json(`/v1/dependencies?${new URLSearchParams(query)}`),
    revision: (name, revision) => server.json(dependency(name, revision)),
    revisions: (name, query = {}) =>
      server.json(dependency(name, undefined, `/revisions?${new URLSearchParams(query)}`)),
    downloadRevision: async (name, revision) =>
      (await server.ask(dependency(name, revision, '/package'))).body,
    removeDependency: (name, revision) =>
      server.json(dependency(name, revision), { method: 'DELETE' }),
    events: (id, signal) => followEvents(server, build(id, '/events'), endsBuild, signal),
    batchEvents: (id, signal) => followEvents(server, batch(id, '/events'), endsBatch, signal),
  }
}

function endsBuild({ type }: BuildEvent): boolean {
  return (TERMINAL_STATES as readonly string[]).includes(type)
}

function endsBatch({ counts }: BatchChange): boolean {
  return counts.queued + counts.running === 0
}

function keyed(options: { idempotencyKey?: string } = {}): Record<string, string> {
  return options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }
}

function upload(server: Connection, body: ReadStream | Buffer, size: number) {
  return server.json<{ upload: string; format: 'zip' | 'jar' }>('/v1/uploads', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
  })
}
