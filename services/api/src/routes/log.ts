import { isTerminal, logQuery, parse } from '@packline/shared'
import type { Request, Response } from 'express'
import { pacedWrite, untilClosed } from '../paced-write.ts'
import { resumeAfter, sendEvents } from '../sse.ts'
import type { Surroundings } from '../surroundings.ts'

const CHUNKS_AT_ONCE = 100

/**
 * The log as text, or as events when asked for with `Accept: text/event-stream`; follows a running
 * build.
 */
export async function sendLog(
  request: Request<{ id: string }>,
  response: Response,
  { records, stopping }: Surroundings,
): Promise<void> {
  const { tenant } = response.locals
  const { id } = request.params
  const asked = parse(logQuery, request.query, 'the query')
  const after = resumeAfter(request)
  const build = await records.get(tenant, id)
  if (request.accepts(['text/plain', 'text/event-stream']) === 'text/event-stream') {
    await sendEvents(response, events, { stopping, mayWait: !isTerminal(build.state) })
    return
  }
  response.status(200).type('text/plain; charset=utf-8').set('X-Build-State', build.state)
  const gone = AbortSignal.any([untilClosed(response), stopping])
  const follow = asked.follow === 'true' && !isTerminal(build.state)
  if (request.method !== 'HEAD') {
    for await (const text of follow ? followed() : written()) await pacedWrite(response, text)
  }
  // A text that the service's stop breaks off must not look whole.
  if (stopping.aborted) response.destroy()
  else response.end()

  async function* events(untilGone: AbortSignal) {
    for await (const chunk of records.watchLog(tenant, id, after, untilGone)) {
      yield { id: chunk.seq, event: 'log', body: { text: chunk.text } }
    }
  }
  async function* followed() {
    for await (const chunk of records.watchLog(tenant, id, after, gone)) yield chunk.text
  }
  async function* written() {
    let seen = after
    while (!gone.aborted) {
      const chunks = await records.log(tenant, id, seen, CHUNKS_AT_ONCE)
      for (const chunk of chunks) yield chunk.text
      const last = chunks.at(-1)
      if (!last) return
      seen = last.seq
    }
  }
}
