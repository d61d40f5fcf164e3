import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import type { Queues, Records } from '@packline/records'
import { failed } from '@packline/shared'
import { type RequestHandler, Router } from 'express'
import { requestFailures } from '../texts/requests.ts'

interface BoardOptions {
  queues: Queues
  names: readonly string[]
  /** Where the board is mounted. */
  path: string
  records: Pick<Records, 'listWorkers'>
}

/** bull-board over every queue, read-only: the truth of the queues for an operator's eyes. */
export function queueBoard({ queues, names, path, records }: BoardOptions): Router {
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
  const router = Router()
  router.use(onlyReading)
  // The board itself would say 500 where Redis is away, and only after its library gave up.
  router.use('/api', async (_request, _response, next) => {
    await records.listWorkers()
    next()
  })
  router.use(serverAdapter.getRouter() as RequestHandler)
  return router
}

/** Whatever the board may learn to do in a newer version: nothing is changed through it. */
const onlyReading: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next()
    return
  }
  response.set('Allow', 'GET, HEAD')
  throw failed('METHOD_NOT_ALLOWED', requestFailures.boardReadOnly())
}
