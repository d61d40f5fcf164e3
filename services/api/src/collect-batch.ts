import { createHash } from 'node:crypto'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { inBatch } from '@packline/intake'
import {
  buildRequestSchema,
  failed,
  LIMITS,
  PacklineError,
  type ParsedBuildRequest,
  parse,
  type RefusedBuild,
} from '@packline/shared'
import type { BodyLine } from './body-lines.ts'
import { bodyFailures } from './texts/bodies.ts'

/** Builds that are parsed before whoever else waits for this process has a turn. */
const PARSED_AT_ONCE = 200

/** One build as it was sent, not parsed yet. */
export interface AskedBuild {
  index: number
  line?: number
  read(): unknown
}

/** Where a request stands in the batch. */
interface Place {
  index: number
  line?: number
  /** Place of its request among those that differ. */
  request: number
}

export interface CollectedBatch {
  /** Those that differ from one another. */
  requests: ParsedBuildRequest[]
  places: Place[]
  refused: RefusedBuild[]
  /** Of all that was asked for, in order. */
  digest: string
  /** For requests that turn out wrong later: their places are refused, or the batch is. */
  refuse(request: number, error: PacklineError): void
}

/**
 * Parses builds as they come. A mistake refuses the batch, naming line and build; with `partial` it
 * is noted and the build left out. Equal requests are one, so that they are built once.
 */
export async function collectBatch(
  asked: AsyncIterable<AskedBuild> | Iterable<AskedBuild>,
  partial: boolean,
): Promise<CollectedBatch> {
  const digest = createHash('sha256')
  const known = new Map<string, number>()
  const requests: ParsedBuildRequest[] = []
  const places: Place[] = []
  const refused: RefusedBuild[] = []
  const refuse = (place: Omit<Place, 'request'>, error: PacklineError) => {
    const placed = inBatch(place.index, error, place.line)
    if (!partial) throw placed
    const { code, message: detail, hint, at, zh } = placed
    refused.push({ index: place.index, line: place.line, code, detail, hint, zh, at })
  }
  for await (const { index, line, read } of asked) {
    if (index % PARSED_AT_ONCE === PARSED_AT_ONCE - 1) await othersTurn()
    const request = attempt(read)
    if (request instanceof PacklineError) {
      refuse({ index, line }, request)
      digest.update(`${index} ${request.message}\n`)
      continue
    }
    const text = sameText(request)
    const same = createHash('sha256').update(text).digest('base64url')
    digest.update(same)
    const before = known.get(same)
    if (before === undefined) {
      known.set(same, requests.length)
      requests.push(request)
    }
    places.push({ index, line, request: before ?? requests.length - 1 })
  }
  return {
    requests,
    places,
    refused,
    digest: digest.digest('hex'),
    refuse(request, error) {
      for (const place of places) if (place.request === request) refuse(place, error)
    },
  }
}

/** The lines of a body as builds of a batch. */
export async function* asBuilds(lines: AsyncIterable<BodyLine>): AsyncGenerator<AskedBuild> {
  let index = 0
  for await (const { line, bytes } of lines) {
    if (index === LIMITS.batchBuildsMax) throw tooMany(line)
    yield { index, line, read: () => parseLine(bytes) }
    index += 1
  }
  if (index > 0) return
  throw failed('INVALID_REQUEST', bodyFailures.noLines(), { at: 'builds' })
}

function tooMany(line: number): PacklineError {
  const words = bodyFailures.tooManyLines(line, LIMITS.batchBuildsMax)
  return failed('INVALID_REQUEST', words, { at: 'builds' })
}

function parseLine(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw failed('INVALID_REQUEST', bodyFailures.lineNoJson(why), { cause })
  }
}

function attempt(read: () => unknown): ParsedBuildRequest | PacklineError {
  try {
    return parse(buildRequestSchema, read(), 'the build')
  } catch (error) {
    if (error instanceof PacklineError) return error
    throw error
  }
}

/** The order of labels and files makes no difference; that of a test's event may make one. */
function sameText(request: ParsedBuildRequest): string {
  const { labels, source, ...rest } = request
  const files = source.kind === 'inline' ? { ...source, files: inOrder(source.files) } : source
  return JSON.stringify({ ...rest, labels: inOrder(labels), source: files })
}

function inOrder(record: object | undefined): [string, unknown][] | undefined {
  return record && Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
