import { join } from 'node:path'
import type { Client } from '@packline/client'
import { PacklineError } from '@packline/shared'
import { size } from '@packline/terminal'
import { outputPlace, writeStream } from '../output-file.ts'
import { mapOf, mapRows } from '../result-text.ts'
import { row } from '../rows.ts'
import { serverOf } from '../server/find-server.ts'
import { isBatch } from '../server/is-batch.ts'
import type { Terminal } from '../terminal.ts'

interface DownloadOptions {
  output?: string
  json?: boolean
}

/**
 * `packline download`: a build's package as a file, whole and with its digest, or not at all, and
 * beside it the source map of a bundle; of a batch all packages as one ZIP, which is made as it is
 * sent and has no digest beforehand.
 */
export async function download(
  terminal: Terminal,
  id: string,
  { output, json }: DownloadOptions,
): Promise<number> {
  const client = await serverOf(terminal)
  if (isBatch(id)) return downloadBatch(terminal, client, id, { output, json })
  const { package: made, state, function: name } = await client.build(id)
  if (!made) {
    throw new PacklineError('NOT_FOUND', `The build ${id} is ${state}: it has no package`, {
      hint: `packline status ${id} says more.`,
    })
  }
  const { folder, fileName } = await outputPlace(output, name)
  const path = join(folder, fileName(made.format))
  const { signal } = terminal
  await writeStream(path, await client.download(id, signal), signal)
  if (made.sourceMap) await writeStream(mapOf(path), await client.sourceMap(id, signal), signal)
  const told = [row('package', path), row('size', size(made.size)), row('sha256', made.sha256)]
  const rows = [...told, ...mapRows(path, made)]
  const text = json
    ? JSON.stringify({ path, size: made.size, sha256: made.sha256 })
    : rows.join('\n')
  terminal.stdout.write(`${text}\n`)
  return 0
}

async function downloadBatch(
  { stdout, signal }: Terminal,
  client: Client,
  id: string,
  { output, json }: DownloadOptions,
): Promise<number> {
  const { folder, fileName } = await outputPlace(output, id)
  const path = join(folder, fileName('zip'))
  await writeStream(path, await client.downloadBatch(id, signal), signal)
  stdout.write(`${json ? JSON.stringify({ path }) : row('packages', path)}\n`)
  return 0
}
