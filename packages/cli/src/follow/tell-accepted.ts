import type { Client } from '@packline/client'
import { row } from '../rows.ts'
import type { Terminal } from '../terminal.ts'
import { type FollowOptions, followBuild } from './follow-build.ts'

/** A build that was accepted: followed to its end where that was asked for, else its id. */
export async function tellAccepted(
  terminal: Terminal,
  client: Client,
  build: { id: string; name: string },
  options: FollowOptions,
): Promise<number> {
  const { stdout, stderr } = terminal
  const { wait, follow, json } = options
  const { id } = build
  if (wait || follow) {
    if (!json) stderr.write(`${row('build', id)}\n`)
    return followBuild(terminal, client, build, options)
  }
  stdout.write(`${json ? JSON.stringify({ id }) : id}\n`)
  if (!json) stderr.write(`${row('follow', `packline logs -f ${id}`)}\n`)
  return 0
}
