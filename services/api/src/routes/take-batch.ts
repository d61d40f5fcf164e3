import { takeInEach } from '@packline/intake'
import type { NewBuild } from '@packline/records'
import {
  type BatchCallback,
  batchEnvelopeSchema,
  batchLinesQuery,
  PacklineError,
  type ParsedBuildRequest,
  parse,
} from '@packline/shared'
import type { Request, Response } from 'express'
import { bodyLines, isNdjson } from '../body-lines.ts'
import { type AskedBuild, asBuilds, type CollectedBatch, collectBatch } from '../collect-batch.ts'
import { madeOnce } from '../idempotency.ts'
import type { Surroundings } from '../surroundings.ts'
import { answerBatch, type BatchAnswer } from './answer-batch.ts'
import { acceptManifest, asksForManifest } from './manifest-batch.ts'

/** `POST /v1/batches`: its builds, or a manifest's, in a JSON object; or one in each line. */
export async function takeBatch(
  request: Request,
  response: Response,
  surroundings: Surroundings,
): Promise<void> {
  if (asksForManifest(request.body)) return acceptManifest(request, response, surroundings)
  // Asks Redis first: where it is away, no body is read and nothing goes to the store.
  const window = await surroundings.window()
  const {
    builds,
    labels,
    callback,
    partial = false,
  } = isNdjson(request) ? fromLines(request) : fromJson(request)
  const collected = await collectBatch(builds, partial)
  const asked = { labels, callback, partial, builds: collected.digest }
  const accepted = await madeOnce(request, response, asked, surroundings, async (idempotency) => {
    const { tenant } = response.locals
    const asking = { tenant, as: 'batch', callback } as const
    const requests = withLabels(collected.requests, labels)
    const made = await takeInEach(requests, asking, surroundings, collected.refuse)
    const { fresh, answer } = chosen(collected, made)
    const batch = { labels, callback }
    return surroundings.records.accept(fresh, { tenant, batch, idempotency, window, answer })
  })
  answerBatch(response, accepted)
}

interface SentBatch {
  builds: AsyncIterable<AskedBuild> | Iterable<AskedBuild>
  labels?: Record<string, string>
  callback?: BatchCallback
  partial?: boolean
}

function fromLines(request: Request): SentBatch {
  const { label: labels, partial } = parse(batchLinesQuery, request.query, 'the query')
  return { builds: asBuilds(bodyLines(request)), labels, partial }
}

/** Its builds are judged one by one: here they only count. */
function fromJson(request: Request): SentBatch {
  const { partial: asked } = parse(batchLinesQuery, request.query, 'the query')
  const body: unknown = request.body
  const given = typeof body === 'object' && body !== null && 'builds' in body ? body.builds : []
  const all: unknown[] = Array.isArray(given) ? given : []
  const counted = Array.isArray(given) ? { ...(body as object), builds: all.map(() => null) } : body
  const { labels, callback, partial } = parse(batchEnvelopeSchema, counted, 'the body')
  const builds = all.map((one, index) => ({ index, read: () => one }))
  return { builds, labels, callback, partial: partial ?? asked }
}

/** A build's own labels win over those of its batch. */
function withLabels(
  requests: readonly ParsedBuildRequest[],
  labels: SentBatch['labels'],
): readonly ParsedBuildRequest[] {
  if (!labels) return requests
  return requests.map((request) => ({ ...request, labels: { ...labels, ...request.labels } }))
}

/** The builds to accept; throws what was wrong first where none is right. */
function chosen({ places, refused }: CollectedBatch, made: readonly (NewBuild | undefined)[]) {
  const fresh: NewBuild[] = []
  const placeOf = made.map((build) => (build ? fresh.push(build) - 1 : undefined))
  const answer: BatchAnswer = {
    places: places.flatMap(({ request }) => placeOf[request] ?? []),
    refused: refused.toSorted((a, b) => a.index - b.index),
  }
  const [first] = answer.refused
  if (fresh.length > 0 || !first) return { fresh, answer }
  const { code, detail, hint, at } = first
  const zh = first.zh && { ...first.zh, detail: `没有正确的构建。${first.zh.detail}` }
  throw new PacklineError(code, `No build is right. ${detail}`, { hint, zh, at })
}
