import type { Readable } from 'node:stream'
import {
  type Accepted,
  type BuildEvent,
  type BuildReport,
  type BuildRequestInput,
  type BuildView,
  type Deployment,
  type PackageConfiguration,
  TERMINAL_STATES,
} from '@packline/shared'
import type { Connection } from '../connection.ts'
import { followEvents } from '../follow-events.ts'
import { verified } from '../verified.ts'
import { inQuery, type Keyed, type Listed, path, type Query, send } from './asked.ts'

export interface BuildCalls {
  submit(request: BuildRequestInput, options?: Keyed): Promise<Accepted>
  build(id: string): Promise<BuildView>
  builds(query?: Query): Promise<Listed<BuildView>>
  /** Resumes by itself after a cut, and ends with the build. */
  events(id: string, signal?: AbortSignal): AsyncIterable<BuildEvent>
  /** What the tools have printed so far. */
  log(id: string): Promise<string>
  /** The same in pieces, from the first line on, until the build has ended. */
  logEvents(id: string, signal?: AbortSignal): AsyncIterable<{ text: string }>
  report(id: string): Promise<Omit<BuildReport, 'sbom' | 'sbomIn'>>
  configuration(id: string): Promise<PackageConfiguration>
  sbom(id: string): Promise<Record<string, unknown>>
  /** Of a bundle whose request asks for one, JSON. Throws NOT_FOUND where there is none. */
  sourceMap(id: string, signal?: AbortSignal): Promise<Readable>
  /** `embedded`: the package itself is in the bodies, in base64. */
  deployment(id: string, query?: { code?: 'embedded' }): Promise<Deployment>
  /** The package; its stream fails with CONTENT_MISMATCH at its end where it came otherwise. */
  download(id: string, signal?: AbortSignal): Promise<Readable>
  cancel(id: string): Promise<BuildView>
  retry(id: string, options?: Keyed): Promise<Accepted>
}

export function buildCalls(server: Connection): BuildCalls {
  return {
    submit: (request, keyed) => send(server, 'POST', '/v1/builds', request, keyed),
    build: (id) => server.json(path`/v1/builds/${id}`),
    builds: (query) => server.json(`/v1/builds${inQuery(query)}`),
    events: (id, signal) => followEvents(server, path`/v1/builds/${id}/events`, endsBuild, signal),
    log: async (id) => (await server.ask(path`/v1/builds/${id}/log`)).body.text(),
    // No piece says that it is the last: there is nothing after it, says the server.
    logEvents: (id, signal) =>
      followEvents(server, path`/v1/builds/${id}/log`, () => false, signal),
    report: (id) => server.json(path`/v1/builds/${id}/report`),
    configuration: (id) => server.json(path`/v1/builds/${id}/configuration`),
    sbom: (id) => server.json(path`/v1/builds/${id}/sbom`),
    sourceMap: async (id, signal) =>
      (await server.ask(path`/v1/builds/${id}/source-map`, { signal })).body,
    deployment: (id, query) => server.json(`${path`/v1/builds/${id}/deployment`}${inQuery(query)}`),
    download: (id, signal) => verified(server, path`/v1/builds/${id}/package`, signal),
    cancel: (id) => send(server, 'POST', path`/v1/builds/${id}/cancel`),
    retry: (id, keyed) => send(server, 'POST', path`/v1/builds/${id}/retry`, undefined, keyed),
  }
}

function endsBuild({ type }: BuildEvent): boolean {
  return TERMINAL_STATES.some((state) => state === type)
}
