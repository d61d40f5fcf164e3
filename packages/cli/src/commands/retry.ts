import { PacklineError } from '@packline/shared'
import { counted } from '@packline/terminal'
import { followBatch } from '../follow/follow-batch.ts'
import { type FollowOptions, followBuild } from '../follow/follow-build.ts'
import { row } from '../rows.ts'
import { serverOf } from '../server/find-server.ts'
import type { Terminal } from '../terminal.ts'

interface RetryOptions extends FollowOptions {
  failed?: string
}

/** `packline retry`: the same build again, or all that failed of a batch; new ids either way. */
export async function retry(
  terminal: Terminal,
  id: string | undefined,
  options: RetryOptions,
): Promise<number> {
  const { failed, wait, follow, json } = options
  if ((id === undefined) === (failed === undefined)) {
    throw new PacklineError('INVALID_REQUEST', 'Name either a build or --failed BATCH', {
      hint: 'packline retry ID, or packline retry --failed BATCH.',
    })
  }
  const client = await serverOf(terminal)
  const isWaited = wait || follow
  if (failed !== undefined) {
    const batch = await client.retryBatch(failed)
    const count = batch.builds.length
    const said = count === 0 ? 'its repository is read again' : counted(count, 'build')
    terminal.stderr.write(json ? '' : `${row('retried', said)}\n`)
    if (isWaited) return followBatch(terminal, client, batch, options)
    tellId(terminal, batch.id, json)
    return 0
  }
  const build = await client.retry(id ?? '')
  if (!isWaited) {
    tellId(terminal, build.id, json)
    return 0
  }
  const { function: name } = await client.build(build.id)
  return followBuild(terminal, client, { id: build.id, name }, options)
}

function tellId({ stdout }: Terminal, id: string, json: boolean | undefined): void {
  stdout.write(`${json ? JSON.stringify({ id }) : id}\n`)
}
