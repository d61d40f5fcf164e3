import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { type BuildEvent, type BuildReport, PacklineError, SCHEMA_VERSION } from '@packline/shared'
import type { BuildRecord } from './build-record.ts'
import type { Context } from './context.ts'
import type { LogChunk } from './listing.ts'
import type { ArchiveStore } from './records.ts'

/** Time to write or read one object of the archive. */
const STORE_TIMEOUT_MS = 20_000

/**
 * What one object may unfold to. A segment has 4 Mi characters, of 3 bytes at most, or is one line;
 * a log is written as it is, since JSON makes six bytes of a control character.
 */
const UNFOLDED_BYTES_MAX = 64 * 1024 * 1024

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
  const chunks = logIn === undefined ? log : await readOwnLog(context, logIn)
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
  throw new PacklineError('STORE_UNAVAILABLE', `The segment ${segment} lacks the build ${id}`, {
    hint: 'The object was changed or cut after it was written: restore it.',
  })
}

/** Throws where a newer Packline wrote the line: what it means by its words is not known here. */
export function parseArchived(line: string): ArchivedBuild {
  const build = JSON.parse(line) as ArchivedBuild
  if (build.schema <= SCHEMA_VERSION) return build
  throw new PacklineError(
    'STORE_UNAVAILABLE',
    `The build ${build.id} was archived with schema ${build.schema}; this Packline reads ` +
      `${SCHEMA_VERSION} and older`,
    { hint: 'Update this service: another one of the installation is newer.' },
  )
}

/** How the line of a build begins, so that it is found without parsing the others. */
export function lineStart(id: string): string {
  return `{"id":${JSON.stringify(id)},`
}

export async function writeObject(store: ArchiveStore, key: string, text: string): Promise<void> {
  const bytes = await promisify(gzip)(text, { level: 1 })
  await store.put(key, bytes, AbortSignal.timeout(STORE_TIMEOUT_MS))
}

/** A log by itself: the lengths of its chunks as one line of JSON, then the text. */
export async function writeLog(
  store: ArchiveStore,
  key: string,
  chunks: readonly string[],
): Promise<void> {
  const lengths = JSON.stringify(chunks.map(({ length }) => length))
  await writeObject(store, key, `${lengths}\n${chunks.join('')}`)
}

async function readOwnLog(context: Context, key: string): Promise<string[]> {
  const text = await context.readObject(key)
  let from = text.indexOf('\n') + 1
  return (JSON.parse(text.slice(0, from)) as number[]).map((length) => {
    from += length
    return text.slice(from - length, from)
  })
}

/** Throws STORE_UNAVAILABLE where the object can not be had, or is not whole. */
export async function readObject(store: ArchiveStore | undefined, key: string): Promise<string> {
  let cause: unknown
  try {
    const bytes = await store?.get(key, AbortSignal.timeout(STORE_TIMEOUT_MS))
    if (bytes) return await unfold(bytes)
  } catch (error) {
    cause = error
  }
  throw new PacklineError('STORE_UNAVAILABLE', `The archive ${key} could not be read`, {
    hint: 'Try again when the object store answers; a build that has ended is kept there.',
    cause,
  })
}

async function unfold(bytes: Uint8Array): Promise<string> {
  const text = await promisify(gunzip)(bytes, { maxOutputLength: UNFOLDED_BYTES_MAX })
  return text.toString('utf8')
}
