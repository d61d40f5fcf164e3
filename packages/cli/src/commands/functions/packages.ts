import { CURRENT, type NumberedPackage, type PackagesDiff, PacklineError } from '@packline/shared'
import { columns, size } from '@packline/terminal'
import { row } from '../../rows.ts'
import { everyPage } from '../../server/every-page.ts'
import { serverOf } from '../../server/find-server.ts'
import type { Terminal } from '../../terminal.ts'

interface Json {
  json?: boolean
}

/** `packline functions packages`: those of a function with their numbers, newest first. */
export async function listPackages(
  terminal: Terminal,
  name: string,
  { limit, json }: Json & { limit: number },
): Promise<number> {
  const client = await serverOf(terminal)
  const items = await everyPage((page) => client.packages(name, page), limit)
  const { stdout, stderr } = terminal
  if (json) stdout.write(`${JSON.stringify({ items })}\n`)
  else if (items.length > 0) stdout.write(`${columns([HEAD, ...items.map(cellsOf)])}\n`)
  else stderr.write('no packages\n')
  return 0
}

const HEAD = ['package', 'aliases', 'size', 'verdict', 'findings', 'made', 'build']

function cellsOf(one: NumberedPackage): string[] {
  const { number, aliases, package: made, verdict, findings, createdAt, build } = one
  const at = createdAt.replace('T', ' ').replace(/\.\d+Z$/, '')
  const bytes = size(made.size)
  return [`${number}`, aliases.join(', '), bytes, verdict.verdict, `${findings}`, at, build]
}

/** `packline functions alias`: points one to a package, or removes it. */
export async function alias(
  terminal: Terminal,
  name: string,
  of: string,
  number: number | undefined,
  { remove, json }: Json & { remove?: boolean },
): Promise<number> {
  if ((number === undefined) !== (remove === true)) {
    throw new PacklineError('INVALID_REQUEST', 'Name either a number or --remove', {
      hint: `packline functions packages ${name} has the numbers.`,
    })
  }
  const client = await serverOf(terminal)
  const done =
    number === undefined
      ? await client.removeAlias(name, of)
      : await client.pointAlias(name, of, number)
  const text = 'deleted' in done ? row('removed', of) : row(of, String(done.number))
  terminal.stdout.write(`${json ? JSON.stringify(done) : text}\n`)
  return 0
}

/** `packline functions rollback`: `current` to an older package, by itself to the one before. */
export async function rollBack(
  terminal: Terminal,
  name: string,
  given: number | undefined,
  { json }: Json,
): Promise<number> {
  const client = await serverOf(terminal)
  const { [CURRENT]: was } = await client.aliases(name)
  const numbers = async () =>
    (await everyPage((page) => client.packages(name, page))).map(({ number }) => number)
  const to = given ?? (await numbers()).find((number) => number < (was ?? 0))
  if (to === undefined) {
    throw new PacklineError('CONFLICT', `${name} has no package before ${was ?? 'the first'}`, {
      hint: `packline functions packages ${name} has those that there are.`,
    })
  }
  const { number } = await client.pointAlias(name, CURRENT, to)
  const text = json ? JSON.stringify({ alias: CURRENT, number, was }) : row(CURRENT, String(number))
  terminal.stdout.write(`${text}\n`)
  if (!json) terminal.stderr.write(`${row('next', UNTIL)}\n`)
  return 0
}

const UNTIL = 'the next build that succeeds moves it on; an alias of your own stays'

/** `packline functions diff`: which files differ between two packages. */
export async function diff(
  terminal: Terminal,
  name: string,
  from: string,
  to: string,
  { json }: Json,
): Promise<number> {
  const found = await (await serverOf(terminal)).diffPackages(name, { from, to })
  const { stdout, stderr } = terminal
  const rows = diffRows(found)
  if (json) stdout.write(`${JSON.stringify(found)}\n`)
  else if (rows.length > 0) stdout.write(`${columns(rows)}\n`)
  const { added, removed, changed, same } = found.counts
  const counts = `${added} added, ${removed} removed, ${changed} changed, ${same} the same`
  if (!json) stderr.write(`${row('files', counts)}\n`)
  return 0
}

function diffRows({ added, removed, changed }: PackagesDiff): string[][] {
  return [
    ...added.map((file) => ['added', size(file.size), file.path]),
    ...removed.map((file) => ['removed', size(file.size), file.path]),
    ...changed.map(({ path, from, to }) => ['changed', sizes(from.size, to.size), path]),
  ]
}

function sizes(from: number, to: number): string {
  return from === to ? size(to) : `${size(from)} -> ${size(to)}`
}
