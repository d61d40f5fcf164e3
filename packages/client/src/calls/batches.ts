import type { Readable } from 'node:stream'
import type {
  AcceptedBatch,
  BatchChange,
  BatchRequestInput,
  BatchView,
  BuildRequestInput,
  ManifestBatchInput,
  ManifestLine,
  TakenBatch,
} from '@packline/shared'
import type { Connection } from '../connection.ts'
import { followEvents } from '../follow-events.ts'
import { inQuery, type Keyed, keyHeader, type Listed, path, type Query, send } from './asked.ts'
import { type Given, sendLines } from './lines.ts'

interface LinesOptions extends Keyed {
  labels?: Record<string, string>
  /** Builds that are wrong are left out and named; else they refuse the batch. */
  partial?: boolean
  signal?: AbortSignal
}

export interface BatchCalls {
  submitBatch(request: BatchRequestInput, options?: Keyed): Promise<TakenBatch>
  /** The same sent one by one, as they come: ten thousand builds are never in memory together. */
  submitBuilds(builds: Given<BuildRequestInput>, options?: LinesOptions): Promise<TakenBatch>
  /** A batch of what a repository lists; its builds come when it was read. */
  submitManifest(request: ManifestBatchInput, options?: Keyed): Promise<AcceptedBatch>
  batch(id: string): Promise<BatchView>
  batches(query?: Query): Promise<Listed<BatchView>>
  /** Resumes by itself after a cut, and ends with the last build. */
  batchEvents(id: string, signal?: AbortSignal): AsyncIterable<BatchChange>
  /** How many builds it ended. */
  cancelBatch(id: string): Promise<{ cancelled: number }>
  /** How each build stands or ended, one JSON object a line. */
  batchManifest(id: string): Promise<ManifestLine[]>
  /** All packages of a finished batch as one ZIP; a cut is an error, never a short file. */
  downloadBatch(id: string, signal?: AbortSignal): Promise<Readable>
  /** Asks again for what failed, as a new batch. */
  retryBatch(id: string, options?: Keyed): Promise<AcceptedBatch>
}

export function batchCalls(server: Connection): BatchCalls {
  return {
    submitBatch: (request, keyed) => send(server, 'POST', '/v1/batches', request, keyed),
    submitBuilds: (builds, { labels = {}, partial, signal, ...key } = {}) => {
      const label = Object.entries(labels).map(([name, value]) => `${name}:${value}`)
      const place = `/v1/batches${inQuery({ label, partial })}`
      const headers = { 'content-type': 'application/x-ndjson', ...keyHeader(key) }
      return sendLines(builds, (body) =>
        server.json(place, { method: 'POST', body, headers, signal }),
      )
    },
    submitManifest: (request, keyed) => send(server, 'POST', '/v1/batches', request, keyed),
    batch: (id) => server.json(path`/v1/batches/${id}`),
    batches: (query) => server.json(`/v1/batches${inQuery(query)}`),
    batchEvents: (id, signal) =>
      followEvents(server, path`/v1/batches/${id}/events`, endsBatch, signal),
    batchManifest: async (id) => {
      const { body } = await server.ask(path`/v1/batches/${id}/manifest`)
      const lines = (await body.text()).split('\n').filter((line) => line !== '')
      return lines.map((line) => JSON.parse(line))
    },
    downloadBatch: async (id, signal) =>
      (await server.ask(path`/v1/batches/${id}/packages`, { signal })).body,
    cancelBatch: (id) => send(server, 'POST', path`/v1/batches/${id}/cancel`),
    retryBatch: (id, keyed) =>
      send(server, 'POST', path`/v1/batches/${id}/retry`, undefined, keyed),
  }
}

function endsBatch({ counts, expanding }: BatchChange): boolean {
  return !expanding && counts.queued + counts.running === 0
}
