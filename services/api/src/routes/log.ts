import { isTerminal } from '@packline/shared'
import type { Request, Response } from 'express'
import { resumeAfter, sendEvents, untilClosed } from '../sse.ts'
import type { Surroundings } from '../surroundings.ts'

/** The log as text, or as events when asked for with `Accept: text/event-stream`; follows a running build. */
export async function sendLog(
  request: Request<{ id: string }>,
  response: Response,
  { records }: Surroundings,
): Promise<void> {
  const { tenant } = response.locals
  const { id } = request.params
  const build = await records.get(tenant, id)
  const gone = untilClosed(response)
  if (request.accepts(['text/plain', 'text/event-stream']) === 'text/event-stream') {
    await sendEvents(response, events(resumeAfter(request)))
    return
  }
  response.status(200).type('text/plain; charset=utf-8')
  response.set('X-Build-State', build.state)
  const follow = request.query.follow === 'true' && !isTerminal(build.state)
  for await (const text of follow ? followed() : written()) response.write(text)
  response.end()

  async function* events(after: number) {
    for await (const chunk of records.watchLog(tenant, id, after, gone)) {
      yield { id: chunk.seq, event: 'log', body: { text: chunk.text } }
    }
  }
  async function* followed() {
    for await (const chunk of records.watchLog(tenant, id, 0, gone)) yield chunk.text
  }
  async function* written() {
    let after = 0
    while (!gone.aborted) {
      const chunks = await records.log(tenant, id, after, 100)
      for (const chunk of chunks) yield chunk.text
      const last = chunks.at(-1)
      if (!last) return
      after = last.seq
    }
  }
}
