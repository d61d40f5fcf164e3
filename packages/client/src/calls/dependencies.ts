import type { Readable } from 'node:stream'
import type {
  Accepted,
  DependencyRequestInput,
  DependencyRevision,
  DependencyUsers,
  DependencyView,
} from '@packline/shared'
import type { Connection } from '../connection.ts'
import { verified } from '../verified.ts'
import { inQuery, type Keyed, type Listed, path, type Query, send } from './asked.ts'

export interface DependencyCalls {
  /** Asks for a dependency package; the build that makes it gives it its revision. */
  addDependency(request: DependencyRequestInput, options?: Keyed): Promise<Accepted>
  dependency(name: string): Promise<DependencyView>
  dependencies(query?: Query): Promise<Listed<DependencyView>>
  revision(
    name: string,
    revision: number,
  ): Promise<DependencyRevision & { usedBy: DependencyUsers }>
  revisions(name: string, query?: Query): Promise<Listed<DependencyRevision>>
  downloadRevision(name: string, revision: number, signal?: AbortSignal): Promise<Readable>
  /** All revisions, or one. Throws CONFLICT with who uses one of them. */
  removeDependency(name: string, revision?: number): Promise<{ dropped: number }>
}

export function dependencyCalls(server: Connection): DependencyCalls {
  const one = (name: string, revision?: number) =>
    revision === undefined
      ? path`/v1/dependencies/${name}`
      : path`/v1/dependencies/${name}/revisions/${revision}`
  return {
    addDependency: (request, keyed) => send(server, 'POST', '/v1/dependencies', request, keyed),
    dependency: (name) => server.json(one(name)),
    dependencies: (query) => server.json(`/v1/dependencies${inQuery(query)}`),
    revision: (name, revision) => server.json(one(name, revision)),
    revisions: (name, query) => server.json(`${one(name)}/revisions${inQuery(query)}`),
    downloadRevision: (name, revision, signal) =>
      verified(server, `${one(name, revision)}/package`, signal),
    removeDependency: (name, revision) => server.json(one(name, revision), { method: 'DELETE' }),
  }
}
