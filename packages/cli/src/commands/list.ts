import type { BuildView } from '@packline/shared'
import { columns, size } from '@packline/terminal'
import { everyPage } from '../server/every-page.ts'
import { serverOf } from '../server/find-server.ts'
import type { Terminal } from '../terminal.ts'

interface ListOptions {
  state?: string
  function?: string
  batch?: string
  label?: string
  limit: number
  json?: boolean
}

/** `packline list`: builds, newest first. */
export async function list(
  terminal: Terminal,
  { limit, json, label, ...filter }: ListOptions,
): Promise<number> {
  const client = await serverOf(terminal)
  // The API writes name:value, every other option here name=value.
  const query = { ...filter, label: label?.replace('=', ':') }
  const items = await everyPage((page) => client.builds({ ...query, ...page }), limit)
  const { stdout, stderr } = terminal
  if (json) stdout.write(`${JSON.stringify({ items })}\n`)
  else if (items.length > 0) stdout.write(`${columns([HEAD, ...items.map(cellsOf)])}\n`)
  else stderr.write('no builds\n')
  return 0
}

const HEAD = ['build', 'function', 'runtime', 'state', 'asked', 'result']

function cellsOf(build: BuildView): string[] {
  const { id, runtime, version, state, createdAt } = build
  const asked = createdAt.replace('T', ' ').replace(/\.\d+Z$/, '')
  return [id, build.function, `${runtime} ${version}`, state, asked, resultOf(build)]
}

function resultOf({
  package: made,
  verdict,
  failure,
  waitingFor,
  cancelReason,
}: BuildView): string {
  if (failure) return failure.code
  if (made) return `${verdict?.verdict ?? ''} ${size(made.size)}`.trim()
  return waitingFor ?? cancelReason ?? ''
}
