import { buildFinished, PacklineError, type StatusTarget } from '@packline/shared'
import { wholeAddress } from '../address-query.ts'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { readBatch } from '../read-batches.ts'
import { readFields } from '../read-builds.ts'
import { toView, VIEW_FIELDS } from '../record-view.ts'
import { openCallback } from './keep-told.ts'
import type { DueNotice, NoticeBeginning, Notices, Standing, Telling } from './notices.ts'

/** What `begin` of the scripts says of a notice that is due. */
interface Row {
  id: string
  tenant: string
  build: string
  batch: string
  /** A push of which something became no build. */
  expansion: string
  /** Milliseconds. */
  at: number
  reference: string
}

/** Gives up what a newer build of the commit tells, and what nobody knows of any more. */
export async function beginNotice(
  context: Context,
  id: string,
  settle: Notices['settle'],
): Promise<NoticeBeginning> {
  const [what, first = 0, ...rest] = (await context.run('notices/begin', id)) as [
    string,
    ...string[],
  ]
  if (what === 'later') return { what, ms: Number(first) }
  if (what !== 'due' && what !== 'overtaken') return { what: 'nothing' }
  const [attempts, tenant = '', build = '', batch = '', kind, at, reference = '', expansion = ''] =
    rest
  const due = { id, tenant, version: Number(first), attempts: Number(attempts) }
  try {
    if (what === 'overtaken') throw overtaken()
    const row = { id, tenant, build, batch, expansion, at: Number(at), reference }
    const read = kind === 'callback' ? readCallback : readStatus
    return { what, notice: { ...due, telling: await read(context, row) } }
  } catch (error) {
    const isOver = error instanceof PacklineError && error.code === 'NOT_FOUND'
    if (!isOver) throw error
    await settle(due as DueNotice, { state: 'failed', error: error.message })
    return { what: 'nothing' }
  }
}

function overtaken(): PacklineError {
  const detail = 'A newer build of this function at this commit tells how it stands'
  return new PacklineError('NOT_FOUND', detail)
}

async function readCallback(context: Context, row: Row): Promise<Telling> {
  const { redis, keys } = context
  const owner = row.build || row.batch
  const key = row.build ? keys.build(owner) : keys.batch(owner)
  const [url, sealed] = await answer(redis.hmget(key, 'callback', 'callbackSecret'))
  if (!url) throw new PacklineError('NOT_FOUND', 'Nothing is known of its address any more')
  const open = () => {
    if (sealed) {
      const { secret, query } = openCallback(context, owner, sealed)
      return { secret, url: wholeAddress(url, query) }
    }
    throw new PacklineError('NOT_FOUND', 'The secret is gone: Redis was emptied since', {
      hint: 'Ask for the build anew with its callback.',
    })
  }
  return { kind: 'callback', url, open, event: await readEvent(context, row) }
}

async function readEvent(context: Context, { tenant, build, batch, at }: Row) {
  if (build) return buildFinished(await viewOf(context, tenant, build))
  const data = await readBatch(context, tenant, batch)
  return { type: 'batch.finished' as const, timestamp: new Date(at).toISOString(), data }
}

async function readStatus(context: Context, row: Row): Promise<Telling> {
  const { reference } = row
  const { status, of } = await (row.expansion ? readUnbuilt : readBuild)(context, row)
  if (!status) throw new PacklineError('NOT_FOUND', 'Nothing is known of its commit any more')
  const target = JSON.parse(status) as StatusTarget
  return { kind: 'commit-status', target, of, ...(reference && { reference }) }
}

interface Stands {
  /** JSON of the target. */
  status?: string
  of: Standing
}

async function readBuild(context: Context, { tenant, build }: Row): Promise<Stands> {
  const view = await viewOf(context, tenant, build)
  const status = (await readFields(context, tenant, build, ['status'])).get('status')
  return { status, of: { ...view, build } }
}

/** The notice itself says all: its push may be forgotten first. */
async function readUnbuilt({ redis, keys }: Context, { id }: Row): Promise<Stands> {
  const [status, of] = await answer(redis.hmget(keys.notice(id), 'status', 'stands'))
  return { status: status ?? undefined, of: JSON.parse(of ?? '{}') as Standing }
}

/** Without its request: it may have left Redis, and is nobody's outside. */
async function viewOf(context: Context, tenant: string, id: string) {
  return toView(id, await readFields(context, tenant, id, VIEW_FIELDS))
}
