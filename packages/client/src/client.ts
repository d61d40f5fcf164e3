import type { ReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type {
  BatchCounts,
  BatchRequestInput,
  BatchView,
  BuildEvent,
  BuildReport,
  BuildRequestInput,
  BuildState,
  BuildView,
  WorkerView,
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
  builds(query?: Record<string, string>): Promise<{ items: BuildView[]; next?: string }>
  batch(id: string): Promise<BatchView>
  report(id: string): Promise<BuildReport>
  log(id: string): Promise<string>
  download(id: string): Promise<Readable>
  cancel(id: string): Promise<BuildView>
  retry(id: string): Promise<Submitted>
  workers(): Promise<WorkerView[]>
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
  return {
    submit: (request, given) => post('/v1/builds', request, keyed(given)),
    submitBatch: (request, given) => post('/v1/batches', request, keyed(given)),
    upload: (content, size) => upload(server, content, size),
    build: (id) => server.json(`/v1/builds/${id}`),
    builds: (query = {}) => server.json(`/v1/builds?${new URLSearchParams(query)}`),
    batch: (id) => server.json(`/v1/batches/${id}`),
    report: (id) => server.json(`/v1/builds/${id}/report`),
    log: async (id) => (await server.ask(`/v1/builds/${id}/log`)).body.text(),
    download: async (id) => (await server.ask(`/v1/builds/${id}/package`)).body,
    cancel: (id) => post(`/v1/builds/${id}/cancel`),
    retry: (id) => post(`/v1/builds/${id}/retry`),
    workers: async () => (await server.json<{ items: WorkerView[] }>('/v1/workers')).items,
    events: (id, signal) => followEvents(server, `/v1/builds/${id}/events`, signal),
    batchEvents: (id, signal) => followEvents(server, `/v1/batches/${id}/events`, signal),
  }
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
