import type { Readable } from 'node:stream'
import type { NumberedPackage, PackagesDiff } from '@packline/shared'
import type { Connection } from '../connection.ts'
import { verified } from '../verified.ts'
import { inQuery, type Listed, path, type Query, send } from './asked.ts'

interface Alias {
  alias: string
  number: number
}

/** Packages of a function by their numbers, and the aliases that point to them. */
export interface PackageCalls {
  /** Newest first. */
  packages(name: string, query?: Query): Promise<Listed<NumberedPackage>>
  package(name: string, number: number): Promise<NumberedPackage>
  downloadNumbered(name: string, number: number, signal?: AbortSignal): Promise<Readable>
  /** What differs between the files of two of them, each by its number or an alias. */
  diffPackages(
    name: string,
    two: { from: number | string; to: number | string },
  ): Promise<PackagesDiff>
  aliases(name: string): Promise<Record<string, number>>
  alias(name: string, alias: string): Promise<Alias>
  /** `current` to an older number rolls back, until the next build that succeeds. */
  pointAlias(name: string, alias: string, number: number): Promise<Alias>
  removeAlias(name: string, alias: string): Promise<{ deleted: string }>
}

export function packageCalls(server: Connection): PackageCalls {
  const all = (name: string) => path`/v1/functions/${name}/packages`
  const one = (name: string, number: number) => path`/v1/functions/${name}/packages/${number}`
  const alias = (name: string, of: string) => path`/v1/functions/${name}/aliases/${of}`
  return {
    packages: (name, query) => server.json(`${all(name)}${inQuery(query)}`),
    package: (name, number) => server.json(one(name, number)),
    downloadNumbered: (name, number, signal) =>
      verified(server, `${one(name, number)}/package`, signal),
    diffPackages: (name, { from, to }) => server.json(`${all(name)}/diff${inQuery({ from, to })}`),
    aliases: (name) => server.json(path`/v1/functions/${name}/aliases`),
    alias: (name, of) => server.json(alias(name, of)),
    pointAlias: (name, of, number) => send(server, 'PUT', alias(name, of), { number }),
    removeAlias: (name, of) => server.json(alias(name, of), { method: 'DELETE' }),
  }
}
