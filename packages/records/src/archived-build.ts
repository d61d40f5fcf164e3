import { type BuildEvent, type BuildReport, failed, SCHEMA_VERSION } from '@packline/shared'
import { readChunks } from './archive-object.ts'
import type { BuildRecord } from './build-record.ts'
import type { Context } from './context.ts'
import type { LogChunk } from './listing.ts'
import { unavailable } from './texts/unavailable.ts'

/** One finished build as the archive keeps it, one line of JSON: all that Redis lets go of. */
export interface ArchivedBuild {
  id: string
  schema: number
  record: BuildRecord
  report: BuildReport | null
  /** Without `seq`: it is the place in the list, from 1. */
  events: BuildEvent[]
  /** The chunks; when they are many, `logIn` names the object that holds them. */
  log: string[]
  logIn?: string
}

/** The build's events, from its segment. Throws STORE_UNAVAILABLE, as do all in here. */
export async function readArchivedEvents(context: Context, segment: string, id: string) {
  const { events } = await readArchivedBuild(context, segment, id)
  return events.map((event, place) => ({ ...event, seq: place + 1 }))
}

export async function readArchivedLog(
  context: Context,
  segment: string,
  id: string,
): Promise<LogChunk[]> {
  const { log, logIn } = await readArchivedBuild(context, segment, id)
  const chunks = logIn === undefined ? log : readChunks(await context.readObject(logIn))
  return chunks.map((text, place) => ({ seq: place + 1, text }))
}

export async function readArchivedBuild(
  context: Context,
  segment: string,
  id: string,
): Promise<ArchivedBuild> {
  const start = lineStart(id)
  const line = (await context.readObject(segment))
    .split('\n')
    .find((text) => text.startsWith(start))
  if (line !== undefined) return parseArchived(line)
  throw failed('STORE_UNAVAILABLE', unavailable.segment(segment, id))
}

/** Throws where a newer Packline wrote the line: what it means by its words is not known here. */
export function parseArchived(line: string): ArchivedBuild {
  const build = JSON.parse(line) as ArchivedBuild
  if (build.schema <= SCHEMA_VERSION) return build
  const words = unavailable.newerBuild(build.id, build.schema, SCHEMA_VERSION)
  throw failed('STORE_UNAVAILABLE', words)
}

/** How the line of a build begins, so that it is found without parsing the others. */
export function lineStart(id: string): string {
  return `{"id":${JSON.stringify(id)},`
}
