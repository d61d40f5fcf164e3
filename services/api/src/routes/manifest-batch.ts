import { checkCallback } from '@packline/intake'
import { manifestBatchSchema, parse } from '@packline/shared'
import type { Request, Response } from 'express'
import { madeOnce } from '../idempotency.ts'
import type { Surroundings } from '../surroundings.ts'
import { answerBatch } from './answer-batch.ts'

/** Whether a batch's body asks for what a repository lists, and not for builds of its own. */
export function asksForManifest(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'manifest' in body
}

/** Its builds come when a worker has read the repository. */
export async function acceptManifest(
  request: Request,
  response: Response,
  surroundings: Surroundings,
): Promise<void> {
  const { tenant } = response.locals
  const {
    manifest: _manifest,
    labels,
    callback,
    ...asked
  } = parse(manifestBatchSchema, request.body, 'the body')
  checkCallback(callback, surroundings.checkAddress)
  const { kind: _kind, ...source } = asked.source
  const wanted = { ...asked, labels, callback }
  const accepted = await madeOnce(request, response, wanted, surroundings, async (key) => {
    const spec = { ...asked, labels, kind: 'manifest', source } as const
    const options = { tenant, idempotency: key, labels, callback }
    return { ids: [], ...(await surroundings.records.expansions.accept(spec, options)) }
  })
  answerBatch(response, accepted)
}
