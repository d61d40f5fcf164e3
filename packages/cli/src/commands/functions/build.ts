import type { Client } from '@packline/client'
import { PacklineError } from '@packline/shared'
import type { FollowOptions } from '../../follow/follow-build.ts'
import { tellAccepted } from '../../follow/tell-accepted.ts'
import { row } from '../../rows.ts'
import { serverOf } from '../../server/find-server.ts'
import { labelsOf } from '../../server-request.ts'
import type { BroughtSource } from '../../source/bring-folder.ts'
import { bringSource } from '../../source/bring-source.ts'
import { toldSource } from '../../source/told-source.ts'
import type { Terminal } from '../../terminal.ts'

interface BuildOptions extends FollowOptions {
  ref?: string
  path?: string
  sha256?: string
  as?: 'source' | 'package'
  label?: string[]
  priority?: 'interactive' | 'bulk'
}

/** `packline functions build`: the draft, or another source, with the function's settings. */
export async function buildFunction(
  terminal: Terminal,
  name: string,
  given: string | undefined,
  options: BuildOptions,
): Promise<number> {
  const { label, priority, json } = options
  const client = await serverOf(terminal)
  const labels = labelsOf(label)
  if (given === undefined) checkNoSource(options)
  const brought =
    given === undefined ? undefined : await bring(terminal, client, name, given, options)
  const { id } = await client.buildFunction(name, { source: brought?.source, labels, priority })
  if (brought && !json) terminal.stderr.write(`${row('source', brought.said)}\n`)
  return tellAccepted(terminal, client, { id, name }, options)
}

function checkNoSource({ ref, path, sha256, as }: BuildOptions): void {
  if ([ref, path, sha256, as].every((option) => option === undefined)) return
  const what = '--ref, --path, --sha256 and --as belong to a source'
  throw new PacklineError('INVALID_REQUEST', what, {
    hint: 'Name one after the function; without one its online files are built.',
  })
}

/** What is left out of a folder is the function's to say. */
async function bring(
  { signal }: Terminal,
  client: Client,
  name: string,
  given: string,
  options: BuildOptions,
): Promise<BroughtSource> {
  const told = await toldSource(given, options)
  const { include } = (await client.function(name)).build
  return bringSource(client, told, { ...options, include, signal })
}
