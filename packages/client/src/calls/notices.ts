import type { NoticeView } from '@packline/shared'
import type { Connection } from '../connection.ts'
import { path, send } from './asked.ts'

type Owner = { build: string } | { batch: string }

export interface NoticeCalls {
  /** What is told outside of a build or a batch, and how that went. */
  notices(owner: Owner): Promise<{ items: NoticeView[] }>
  /** Tells it once more, from the first attempt on. */
  redeliver(owner: Owner, notice: string): Promise<NoticeView>
}

export function noticeCalls(server: Connection): NoticeCalls {
  const of = (owner: Owner) =>
    'build' in owner ? path`/v1/builds/${owner.build}` : path`/v1/batches/${owner.batch}`
  return {
    notices: (owner) => server.json(`${of(owner)}/notices`),
    redeliver: (owner, notice) =>
      send(server, 'POST', `${of(owner)}${path`/notices/${notice}/redeliver`}`),
  }
}
