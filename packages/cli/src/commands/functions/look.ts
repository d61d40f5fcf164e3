import type { FunctionView } from '@packline/shared'
import { columns, counted, size } from '@packline/terminal'
import { row } from '../../rows.ts'
import { everyPage } from '../../server/every-page.ts'
import { serverOf } from '../../server/find-server.ts'
import type { Terminal } from '../../terminal.ts'

interface Json {
  json?: boolean
}

/** `packline functions list`. */
export async function listFunctions(terminal: Terminal, { json }: Json): Promise<number> {
  const client = await serverOf(terminal)
  const items = await everyPage((page) => client.functions(page))
  const { stdout, stderr } = terminal
  if (json) stdout.write(`${JSON.stringify({ items })}\n`)
  else if (items.length > 0) stdout.write(`${columns([HEAD, ...items.map(cellsOf)])}\n`)
  else stderr.write('no functions\n')
  return 0
}

const HEAD = ['function', 'runtime', 'handler', 'files', 'current', 'newest']

function cellsOf({ name, runtime, version, handler, draft, aliases, newest }: FunctionView) {
  const numbers = [aliases.current, newest].map((number) => number?.toString() ?? '')
  return [name, `${runtime} ${version}`, handler ?? '', String(draft.files), ...numbers]
}

/** `packline functions show`: what one is, its files and its packages. */
export async function showFunction(
  terminal: Terminal,
  name: string,
  { json }: Json,
): Promise<number> {
  const found = await (await serverOf(terminal)).function(name)
  terminal.stdout.write(`${json ? JSON.stringify(found) : functionRows(found).join('\n')}\n`)
  return 0
}

/** `packline functions delete`: with its online files; its packages stay. */
export async function deleteFunction(
  terminal: Terminal,
  name: string,
  { json }: Json,
): Promise<number> {
  const done = await (await serverOf(terminal)).removeFunction(name)
  terminal.stdout.write(`${json ? JSON.stringify(done) : row('deleted', done.deleted)}\n`)
  return 0
}

/** A function in one screen. */
export function functionRows(found: FunctionView): string[] {
  const { runtime, version, type, architecture, dependencies = [], labels = {}, keep } = found
  const { draft, newest } = found
  const aliases = Object.entries(found.aliases).map(([alias, number]) => `${alias} ${number}`)
  const named = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  const files = `${counted(draft.files, 'file')}, ${size(draft.size)}, version ${draft.version}`
  const kept = keep && [keep.count && `${keep.count} packages`, keep.days && `${keep.days} days`]
  const given: [string, string | undefined][] = [
    ['function', found.name],
    ['is', found.description],
    ['runtime', `${runtime} ${version}, ${type}, ${architecture}`],
    ['handler', found.handler],
    ['init', found.initializer],
    ['libraries', dependencies.join(', ')],
    ['labels', named.join(', ')],
    ['keeps', kept?.filter(Boolean).join(', ')],
    ['draft', draft.editable ? files : `${files}, read-only`],
    ['newest', newest?.toString()],
    ['aliases', aliases.join(', ')],
  ]
  return given.flatMap(([label, value]) => (value ? [row(label, value)] : []))
}
