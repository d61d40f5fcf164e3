import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PackageEntry, writeZip } from '@packline/archive'
import type { Client } from '@packline/client'

/** Files as a ZIP that is the same for the same files; answers the id of its upload. */
export async function uploadZip(
  client: Pick<Client, 'upload'>,
  entries: Iterable<PackageEntry>,
  signal: AbortSignal,
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'packline-source-'))
  try {
    const path = join(scratch, 'source.zip')
    const { size } = await writeZip(entries, { path }, { signal })
    const { upload } = await client.upload(createReadStream(path), size)
    return upload
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
