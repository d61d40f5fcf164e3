import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import type { Queues } from '@packline/records'
import type { RequestHandler } from 'express'

/** bull-board over every queue, read-only: the truth of the queues for an operator's eyes. */
export function queueBoard(queues: Queues, names: readonly string[], path: string): RequestHandler {
  const serverAdapter = new ExpressAdapter()
  serverAdapter.setBasePath(path)
  const adapters = names.map(
    (name) => new BullMQAdapter(queues.get(name), { readOnlyMode: true, allowRetries: false }),
  )
  createBullBoard({
    queues: adapters,
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Packline' } },
  })
  return serverAdapter.getRouter() as RequestHandler
}
