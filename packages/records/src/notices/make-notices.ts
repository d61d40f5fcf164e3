import { failed, type NoticeView, type PacklineError } from '@packline/shared'
import { addJobs } from '../add-jobs.ts'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { readBatch } from '../read-batches.ts'
import { readFields } from '../read-builds.ts'
import { type Fields, fieldsOfPairs } from '../record-fields.ts'
import { noSuch } from '../texts/no-such.ts'
import { beginNotice } from './begin-notice.ts'
import {
  type DueNotice,
  NOTIFY_QUEUE,
  type NoticeOutcome,
  type NoticeOwner,
  type Notices,
} from './notices.ts'

/** Notices that one sweep looks at, and how often at the same. */
const SWEPT_MAX = 500
const AGAIN_MS = 10_000

const KINDS = ['callback', 'commit-status'] as const

export function makeNotices(context: Context): Notices {
  return {
    list: (tenant, owner) => list(context, tenant, owner),
    redeliver: (tenant, owner, notice) => redeliver(context, tenant, owner, notice),
    begin: (id) => beginNotice(context, id, (due, outcome) => settle(context, due, outcome)),
    settle: (due, outcome) => settle(context, due, outcome),
  }
}

/** A job that could not be added now is added by the sweep. */
export function addNotices(context: Context, tenant: string, ids: readonly string[]) {
  const jobs = ids.map((id) => ({
    id,
    queue: NOTIFY_QUEUE,
    tenant,
    priority: 'interactive' as const,
  }))
  return addJobs(context, jobs)
}

/** Adds the jobs that a crash left out. */
export async function sweepNotices(context: Context): Promise<void> {
  const pairs = await context.run('notices/inspect', SWEPT_MAX, AGAIN_MS)
  const tenants = fieldsOfPairs(pairs as string[])
  for (const [id, tenant] of tenants) await addNotices(context, tenant, [id])
}

async function list(context: Context, tenant: string, owner: NoticeOwner): Promise<NoticeView[]> {
  const id = await ownedId(context, tenant, owner)
  const { redis, keys } = context
  const ids = KINDS.map((kind) => `${id}-${kind}`)
  const found = await answer(Promise.all(ids.map((name) => redis.hgetall(keys.notice(name)))))
  return found.flatMap((hash, place) => {
    const fields = fieldsOfPairs(Object.entries(hash).flat())
    return fields.has('state') ? [toNoticeView(ids[place] ?? '', fields)] : []
  })
}

async function redeliver(
  context: Context,
  tenant: string,
  owner: NoticeOwner,
  notice: string,
): Promise<NoticeView> {
  const id = await ownedId(context, tenant, owner)
  const [of] = Object.keys(owner)
  const done = await context.run('notices/again', tenant, of ?? '', id, notice)
  if (done !== 'ok') throw noNotice(notice)
  // The one that waits for its next attempt; one that is being told finds the newer version itself.
  await context.queues.remove(NOTIFY_QUEUE, notice)
  await addNotices(context, tenant, [notice])
  const told = (await list(context, tenant, owner)).find((one) => one.id === notice)
  if (told) return told
  throw noNotice(notice)
}

async function settle(
  context: Context,
  { id, version, attempts }: DueNotice,
  outcome: NoticeOutcome,
): Promise<'ok' | 'again' | 'stale'> {
  const { state, status = '', error = '', reference = '' } = outcome
  const delayMs = state === 'pending' ? Math.max(1, Math.round(outcome.delayMs)) : 0
  const said = [state, status, error, delayMs, reference]
  return (await context.run('notices/settle', id, version, attempts, ...said)) as 'ok'
}

/** Throws NOT_FOUND where it is another tenant's. */
async function ownedId(context: Context, tenant: string, owner: NoticeOwner): Promise<string> {
  if ('batch' in owner) return (await readBatch(context, tenant, owner.batch)).id
  await readFields(context, tenant, owner.build, [])
  return owner.build
}

function noNotice(id: string): PacklineError {
  return failed('NOT_FOUND', noSuch.notice(id.slice(0, 64)))
}

function toNoticeView(id: string, fields: Fields): NoticeView {
  const time = (name: string) => {
    const ms = fields.get(name)
    return ms === undefined ? {} : { [name]: new Date(Number(ms)).toISOString() }
  }
  const text = (name: string) => (fields.has(name) ? { [name]: fields.get(name) } : {})
  return {
    id,
    ...text('build'),
    ...text('batch'),
    kind: fields.get('kind') === 'callback' ? 'callback' : 'commit-status',
    state: (fields.get('state') ?? 'pending') as NoticeView['state'],
    attempts: Number(fields.get('attempts') ?? 0),
    ...(fields.has('lastStatus') && { lastStatus: Number(fields.get('lastStatus')) }),
    ...text('lastError'),
    ...time('nextAt'),
    createdAt: new Date(Number(fields.get('createdAt'))).toISOString(),
    ...time('deliveredAt'),
  }
}
