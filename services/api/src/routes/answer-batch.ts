import type { AcceptResult } from '@packline/records'
import { type RefusedBuild, toldInLanguage } from '@packline/shared'
import type { Response } from 'express'
import { answerLanguage } from '../answer-language.ts'

/** What the answer has beside the ids: for each place that was not refused, which of them it is. */
export interface BatchAnswer {
  places: number[]
  refused: RefusedBuild[]
}

/** 202, and where the batch is. */
export function answerBatch(
  response: Response,
  accepted: AcceptResult,
  more: { retryOf?: string } = {},
): void {
  const { ids, batch: id = '' } = accepted
  const { places, refused = [] } = (accepted.answer ?? {}) as Partial<BatchAnswer>
  const builds = places?.map((place) => ids[place]) ?? ids
  const language = answerLanguage(response.req, response)
  const place = `/v1/batches/${id}`
  response
    .status(202)
    .location(place)
    .json({
      id,
      builds,
      events: `${place}/events`,
      ...(refused.length > 0 && {
        refused: refused.map((one) => toldInLanguage(one, language)),
      }),
      ...more,
    })
}
