import type { BuildView } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { readBatch } from './read-batches.ts'
import { fieldsOf } from './record-fields.ts'
import { toView, VIEW_FIELDS } from './record-view.ts'

const READ_AT_ONCE = 200

/** All builds of a batch in the order they were asked for, read as they are taken. */
export async function* batchMembers(
  context: Context,
  tenant: string,
  batch: string,
): AsyncGenerator<BuildView, void, undefined> {
  await readBatch(context, tenant, batch)
  const index = context.keys.index(tenant, { batch })
  let from = '-'
  for (;;) {
    const ids = await answer(
      context.redis.zrange(index, from, '+', 'BYLEX', 'LIMIT', 0, READ_AT_ONCE),
    )
    const rows = await answer(
      Promise.all(ids.map((id) => context.redis.hmget(context.keys.build(id), ...VIEW_FIELDS))),
    )
    for (const [place, id] of ids.entries()) {
      const fields = fieldsOf(VIEW_FIELDS, rows[place] ?? [])
      if (fields.has('tenant')) yield toView(id, fields)
    }
    const last = ids.at(-1)
    if (last === undefined || ids.length < READ_AT_ONCE) return
    from = `(${last}`
  }
}
