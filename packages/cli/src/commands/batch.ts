import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Client } from '@packline/client'
import {
  type AcceptedBatch,
  type BuildRequestInput,
  LIMITS,
  type Manifest,
  PacklineError,
} from '@packline/shared'
import { counted } from '@packline/terminal'
import { followBatch } from '../follow/follow-batch.ts'
import { manifestAt, noManifest } from '../manifest.ts'
import { row } from '../rows.ts'
import { serverOf } from '../server/find-server.ts'
import { labelsOf } from '../server-request.ts'
import { bringFolder } from '../source/bring-folder.ts'
import { toldSource } from '../source/told-source.ts'
import type { Terminal } from '../terminal.ts'

interface BatchOptions {
  since?: string
  path?: string
  only?: string[]
  label?: string[]
  wait?: boolean
  json?: boolean
}

/** Each is packed and sent while others are read. */
const FOLDERS_AT_ONCE = 4

/** Of a body so much may be folders that go with it; the other half is for all else. */
const INLINE_BYTES_MAX = LIMITS.requestBodyBytesMax / 2

/** `packline batch`: the functions of a manifest as one batch. Answers the exit code. */
export async function batch(
  terminal: Terminal,
  given: string,
  options: BatchOptions,
): Promise<number> {
  const { wait, json } = options
  const client = await serverOf(terminal)
  const isRepository = given.startsWith('git+')
  const asked = isRepository
    ? await ofRepository(client, given, options)
    : await ofFolder(terminal, client, given, options)
  if (wait) {
    if (!json) terminal.stderr.write(`${row('batch', asked.id)}\n`)
    return followBatch(terminal, client, asked, options)
  }
  const { id } = asked
  terminal.stdout.write(`${json ? JSON.stringify({ id, builds: asked.builds }) : id}\n`)
  if (!json) terminal.stderr.write(`${row('look', `packline status ${id}`)}\n`)
  return 0
}

/** The server reads the manifest, and makes the builds once it has. */
async function ofRepository(
  client: Client,
  given: string,
  { only = [], since, label, path }: BatchOptions,
): Promise<AcceptedBatch> {
  const told = await toldSource(given, { path })
  if (told.kind !== 'git') throw noManifest(given)
  return client.submitManifest({
    source: told,
    manifest: true,
    functions: only.length > 0 ? only : undefined,
    since,
    labels: labelsOf(label),
  })
}

/** Each function is sent from its folder beside the manifest. */
async function ofFolder(
  { stderr, signal }: Terminal,
  client: Client,
  given: string,
  { only = [], label, since, path, json }: BatchOptions,
): Promise<AcceptedBatch> {
  if (since !== undefined || path !== undefined) {
    throw new PacklineError('INVALID_REQUEST', '--since and --path belong to a git repository', {
      hint: 'Name the repository as git+https://....',
    })
  }
  const { file, manifest } = await manifestAt(given)
  const functions = chosen(manifest, only, given)
  const builds = await requestsOf(client, dirname(file), functions, signal)
  const asked = await client
    .submitBuilds(builds, { labels: labelsOf(label), signal })
    .catch((error: unknown) => {
      throw ofFunction(error, builds)
    })
  if (!json) stderr.write(`${row('sent', counted(builds.length, 'function'))}\n`)
  return asked
}

/** The server counts lines of what was sent; people know their functions by name. */
function ofFunction(error: unknown, builds: readonly BuildRequestInput[]): unknown {
  if (!(error instanceof PacklineError)) return error
  const { code, message, hint, zh, at = '' } = error
  const [, index, inside = ''] = /^builds\[(\d+)\](.*)/.exec(at) ?? []
  const name = builds[Number(index)]?.function
  if (name === undefined) return error
  const place = `functions.${name}`
  const of = (detail: string) => `${place}: ${detail.replace(/^(line \d+: |第 \d+ 行：)/, '')}`
  const told = zh && { ...zh, detail: of(zh.detail) }
  return new PacklineError(code, of(message), { hint, zh: told, at: place + inside, cause: error })
}

type Listed = readonly [name: string, listed: Manifest['functions'][string]]

function chosen({ functions }: Manifest, only: readonly string[], given: string): Listed[] {
  const stray = only.find((name) => !Object.hasOwn(functions, name))
  if (stray !== undefined) {
    throw new PacklineError('INVALID_REQUEST', `${given} lists no function "${stray}"`, {
      hint: `It lists ${Object.keys(functions).join(', ')}.`,
    })
  }
  return Object.entries(functions).filter(([name]) => only.length === 0 || only.includes(name))
}

async function requestsOf(
  client: Pick<Client, 'upload'>,
  root: string,
  functions: readonly Listed[],
  signal: AbortSignal,
): Promise<BuildRequestInput[]> {
  const requests: BuildRequestInput[] = []
  let bytes = 0
  for (let at = 0; at < functions.length; at += FOLDERS_AT_ONCE) {
    const some = functions.slice(at, at + FOLDERS_AT_ONCE)
    const made = some.map(async ([name, { path = '.', ...listed }]) => {
      const folder = join(root, path)
      await checkFolder(folder, name, path)
      const { include } = listed.build
      const uploaded = bytes > INLINE_BYTES_MAX
      const { source } = await bringFolder(client, folder, { include, uploaded, signal })
      if (source.kind === 'inline') bytes += Buffer.byteLength(JSON.stringify(source.files))
      return { ...listed, function: name, source }
    })
    requests.push(...(await Promise.all(made)))
  }
  return requests
}

async function checkFolder(folder: string, name: string, path: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory()) return
  throw new PacklineError('INVALID_REQUEST', `The function ${name} has no folder ${path}`, {
    hint: 'The path of a function is relative to the manifest.',
  })
}
