import { counted } from '@packline/terminal'
import { row } from '../rows.ts'
import { serverOf } from '../server/find-server.ts'
import { isBatch } from '../server/is-batch.ts'
import type { Terminal } from '../terminal.ts'

/** `packline cancel`: ends a build, or what has not ended of a batch. */
export async function cancel(
  terminal: Terminal,
  id: string,
  options: { json?: boolean },
): Promise<number> {
  const client = await serverOf(terminal)
  const found = isBatch(id) ? await client.cancelBatch(id) : await client.cancel(id)
  const text =
    'cancelled' in found
      ? row('cancelled', counted(found.cancelled, 'build'))
      : row('state', found.state)
  terminal.stdout.write(`${options.json ? JSON.stringify(found) : text}\n`)
  return 0
}
