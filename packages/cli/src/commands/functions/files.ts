import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type DraftChangeView, type DraftEntryView, PacklineError } from '@packline/shared'
import { columns, size } from '@packline/terminal'
import { type MadeOn, matchOf, tellingVersion } from '../../draft/made-on.ts'
import { row } from '../../rows.ts'
import { serverOf } from '../../server/find-server.ts'
import type { Terminal } from '../../terminal.ts'

interface Json {
  json?: boolean
}

/** `packline functions files ls`: all online files of a function. */
export async function listFiles(terminal: Terminal, name: string, { json }: Json): Promise<number> {
  const draft = await (await serverOf(terminal)).draft(name)
  const { version, entries, reason } = draft
  const { stdout, stderr } = terminal
  if (json) {
    stdout.write(`${JSON.stringify(draft)}\n`)
    return 0
  }
  if (entries.length > 0) stdout.write(`${columns([HEAD, ...entries.map(cellsOf)])}\n`)
  else stderr.write('no files\n')
  stderr.write(`${row('version', String(version))}\n`)
  if (reason) stderr.write(`${row('read-only', reason)}\n`)
  return 0
}

const HEAD = ['size', 'mode', 'path']

function cellsOf({ path, kind, size: bytes, executable, linkTarget }: DraftEntryView): string[] {
  if (kind === 'folder') return ['', kind, `${path}/`]
  if (kind === 'link') return ['', kind, `${path} -> ${linkTarget}`]
  return [size(bytes), executable ? 'run' : '', path]
}

/** `packline functions files cat`: the bytes of one. */
export async function catFile(
  terminal: Terminal,
  name: string,
  path: string,
  { json }: Json,
): Promise<number> {
  const { bytes, etag } = await (await serverOf(terminal)).file(name, path)
  terminal.stdout.write(json ? `${JSON.stringify({ path, etag, ...inText(bytes) })}\n` : bytes)
  return 0
}

function inText(bytes: Buffer): { text: string } | { base64: string } {
  const text = bytes.toString('utf8')
  // What is no UTF-8 would come back as other bytes.
  return Buffer.from(text, 'utf8').equals(bytes) ? { text } : { base64: bytes.toString('base64') }
}

interface PutOptions extends MadeOn, Json {
  executable?: boolean
}

/** `packline functions files put`: one file by another here, or by the standard input. */
export async function putFile(
  terminal: Terminal,
  name: string,
  path: string,
  from: string | undefined,
  { executable, json, ...on }: PutOptions,
): Promise<number> {
  const client = await serverOf(terminal)
  const content: Content = from === undefined ? { stream: terminal.stdin } : await contentOf(from)
  const { ifMatch } = await matchOf(client, name, on, path)
  const options = { ifMatch, executable: executable ?? content.executable }
  const change = await tellingVersion(name, () =>
    client.writeFile(name, path, content.stream, options),
  )
  tellChange(terminal, change, json)
  return 0
}

interface Content {
  stream: Readable
  executable?: boolean
}

/** A file here that may be run may be run there; of another the mode stays as it was. */
async function contentOf(from: string): Promise<Content> {
  const found = await stat(from).catch(() => undefined)
  if (found?.isFile()) {
    return { stream: createReadStream(from), executable: (found.mode & 0o111) !== 0 || undefined }
  }
  const what = found ? `${from} is no file` : `There is no file ${from}`
  throw new PacklineError('INVALID_REQUEST', what, {
    hint: 'packline functions push sends a folder.',
  })
}

interface RemoveOptions extends MadeOn, Json {
  all?: boolean
}

/** `packline functions files rm`: a file, a folder with all that is in it, or all there is. */
export async function removeFile(
  terminal: Terminal,
  name: string,
  path: string | undefined,
  { all, over, json }: RemoveOptions,
): Promise<number> {
  if ((path === undefined) !== (all === true)) {
    throw new PacklineError('INVALID_REQUEST', 'Name either a path or --all', {
      hint: `packline functions files rm ${name} PATH, or --all.`,
    })
  }
  const client = await serverOf(terminal)
  const match = await named(client, name, over)
  const change = await tellingVersion(name, () =>
    path === undefined ? client.clearDraft(name, match) : client.removeFile(name, path, match),
  )
  tellChange(terminal, change, json)
  return 0
}

/** `packline functions files mv`: the same under another path. */
export async function moveFile(
  terminal: Terminal,
  name: string,
  from: string,
  to: string,
  { over, json }: MadeOn & Json,
): Promise<number> {
  const client = await serverOf(terminal)
  const match = await named(client, name, over)
  const change = await tellingVersion(name, () => client.moveFile(name, { from, to }, match))
  tellChange(terminal, change, json)
  return 0
}

/** Who names what is to go or to move means it, whatever it holds by now. */
function named(client: Parameters<typeof matchOf>[0], name: string, over: number | undefined) {
  return matchOf(client, name, over === undefined ? { force: true } : { over })
}

function tellChange(
  { stdout }: Terminal,
  change: DraftChangeView,
  json: boolean | undefined,
): void {
  stdout.write(`${json ? JSON.stringify(change) : row('version', String(change.version))}\n`)
}
