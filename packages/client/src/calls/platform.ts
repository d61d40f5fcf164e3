import type { LimitsView, Ready, RuntimesView, WorkerView } from '@packline/shared'
import type { Connection } from '../connection.ts'

export interface PlatformCalls {
  runtimes(): Promise<RuntimesView>
  limits(): Promise<LimitsView>
  /** Those that reported within the last seconds. */
  workers(): Promise<WorkerView[]>
  /** That the process lives, whatever Redis and the store do. */
  health(): Promise<{ status: 'ok' }>
  /** That both answer; throws STORE_UNAVAILABLE or RECORDS_UNAVAILABLE where one does not. */
  ready(): Promise<Ready>
}

export function platformCalls(server: Connection): PlatformCalls {
  return {
    runtimes: () => server.json('/v1/runtimes'),
    limits: () => server.json('/v1/limits'),
    workers: async () => (await server.json<{ items: WorkerView[] }>('/v1/workers')).items,
    health: () => server.json('/healthz'),
    ready: () => server.json('/readyz'),
  }
}
