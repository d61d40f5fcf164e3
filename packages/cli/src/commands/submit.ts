import { basename } from 'node:path'
import type { FollowOptions } from '../follow/follow-build.ts'
import { tellAccepted } from '../follow/tell-accepted.ts'
import { nameOf } from '../read-request.ts'
import { row } from '../rows.ts'
import { serverOf } from '../server/find-server.ts'
import { type ServerOptions, serverRequest } from '../server-request.ts'
import { bringSource, runtimeOf } from '../source/bring-source.ts'
import { type ToldSource, toldSource } from '../source/told-source.ts'
import type { Terminal } from '../terminal.ts'

interface SubmitOptions extends ServerOptions, FollowOptions {
  ref?: string
  path?: string
  sha256?: string
}

/** `packline submit`: asks a server for a build. Answers the exit code. */
export async function submit(
  terminal: Terminal,
  given: string,
  options: SubmitOptions,
): Promise<number> {
  const { stderr, signal } = terminal
  const { json } = options
  const client = await serverOf(terminal)
  const told = await toldSource(given, options)
  const { runtime, because } = await runtimeOf(told, given, { ...options, signal })
  const name = options.name ?? sourceName(told)
  const named = { ...options, name }
  // What the options say wrong is told before anything is sent.
  serverRequest(PLACEHOLDER, runtime, named)
  const { source, said } = await bringSource(client, told, { ...options, signal })
  const { id } = await client.submit(serverRequest(source, runtime, named))
  if (!json) {
    stderr.write(`${row('runtime', `${runtime}: ${because}`)}\n${row('source', said)}\n`)
  }
  return tellAccepted(terminal, client, { id, name }, options)
}

const PLACEHOLDER = { kind: 'inline', files: { placeholder: '' } } as const

/** The function's name by what its source is called. */
function sourceName(told: ToldSource): string {
  switch (told.kind) {
    case 'folder':
      return nameOf(told.path)
    case 'archive':
      return nameOf(told.path.replace(/\.(zip|jar)$/i, ''))
    case 'git':
      return nameOf(told.path ?? told.url.replace(/\/+$|\.git$/g, ''))
    default: {
      const address = told.kind === 'object' ? told.address : told.url
      return nameOf(
        basename(address.replace(/[?#].*$/, '')).replace(/\.(zip|jar|tar\.gz|tgz)$/i, ''),
      )
    }
  }
}
