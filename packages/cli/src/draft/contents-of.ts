import { createHash } from 'node:crypto'
import type { Client } from '@packline/client'
import { type DraftView, PacklineError } from '@packline/shared'
import type { Content } from './write-here.ts'

const FETCHED_AT_ONCE = 8

/**
 * Contents of entries as they were listed: a draft that may be edited fits into memory. Throws
 * CONFLICT where a file was changed since.
 */
export async function contentsOf(
  client: Pick<Client, 'file'>,
  name: string,
  entries: DraftView['entries'],
): Promise<Map<string, Content>> {
  const contents = new Map<string, Content>()
  for (let at = 0; at < entries.length; at += FETCHED_AT_ONCE) {
    const some = entries.slice(at, at + FETCHED_AT_ONCE)
    const all = some.map(
      async (entry) => [entry.path, await contentOf(client, name, entry)] as const,
    )
    for (const [path, content] of await Promise.all(all)) contents.set(path, content)
  }
  return contents
}

async function contentOf(
  client: Pick<Client, 'file'>,
  name: string,
  { path, kind, sha256, executable, linkTarget = '' }: DraftView['entries'][number],
): Promise<Content> {
  if (kind === 'folder') return { kind }
  if (kind === 'link') return { kind, target: linkTarget }
  const { bytes } = await client.file(name, path)
  if (createHash('sha256').update(bytes).digest('hex') === sha256)
    return { kind, bytes, executable }
  throw new PacklineError('CONFLICT', `${path} was changed while the draft was read`, {
    hint: 'Say the same again; nothing was written.',
  })
}
