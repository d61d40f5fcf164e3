import { type AuditEntry, type AuditKind, LIMITS } from '@packline/shared'
import { answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { limitOf } from '../list-builds.ts'
import type { Page, PageOptions } from '../listing.ts'

/** Entries that one page looks through for those of a kind. */
const SCANNED_MAX = 2500
const READ_AT_ONCE = 500

/** Who did what, and when; the last LIMITS.auditEntriesKept of each tenant, or a few more. */
export interface AuditLog {
  /** The time is Redis' own. */
  write(tenant: string, entry: Omit<AuditEntry, 'id' | 'at'>): Promise<void>
  list(tenant: string, filter?: AuditFilter, page?: PageOptions): Promise<Page<AuditEntry>>
}

/** `after` included, `before` not. */
export interface AuditFilter {
  kind?: AuditKind
  after?: Date
  before?: Date
}

export function makeAuditLog(context: Context): AuditLog {
  const { redis, keys } = context
  return {
    write: async (tenant, entry) => {
      const bound = ['MAXLEN', '~', LIMITS.auditEntriesKept] as const
      const text = JSON.stringify(entry)
      await answer(redis.xadd(keys.audit(tenant), ...bound, '*', 'entry', text))
    },
    list: (tenant, filter = {}, page = {}) => listEntries(context, tenant, filter, page),
  }
}

async function listEntries(
  { redis, keys }: Context,
  tenant: string,
  { kind, after, before }: AuditFilter,
  page: PageOptions,
): Promise<Page<AuditEntry>> {
  const limit = limitOf(page)
  // Nothing is before the first id that there can be, and Redis refuses to be asked.
  if (/^0+-0+$/.test(page.cursor ?? '')) return { items: [] }
  const first = after === undefined ? '-' : String(Math.max(0, after.getTime()))
  let from = page.cursor === undefined ? newestBefore(before) : `(${page.cursor}`
  const items: AuditEntry[] = []
  for (let scanned = 0; scanned < SCANNED_MAX; scanned += READ_AT_ONCE) {
    const rows = await answer(
      redis.xrevrange(keys.audit(tenant), from, first, 'COUNT', READ_AT_ONCE),
    )
    for (const [id, [, text = '']] of rows) {
      const entry = toEntry(id, text)
      if (kind === undefined || entry.kind === kind) items.push(entry)
      from = `(${id}`
      if (items.length === limit) return { items, next: id }
    }
    if (rows.length < READ_AT_ONCE) return { items }
  }
  return { items, next: from.slice(1) }
}

function newestBefore(before: Date | undefined): string {
  if (before === undefined) return '+'
  // An id without its second number is the last of that millisecond.
  return String(Math.max(0, before.getTime() - 1))
}

function toEntry(id: string, text: string): AuditEntry {
  const at = new Date(Number.parseInt(id, 10)).toISOString()
  return { id, at, ...(JSON.parse(text) as Omit<AuditEntry, 'id' | 'at'>) }
}
