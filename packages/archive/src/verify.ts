import { finished } from 'node:stream/promises'
import type { Archive } from './archive.ts'
import { refuseCollisions } from './crc-collisions.ts'
import { WHOLE_BYTES_MAX } from './entry-content.ts'
import { createPause } from './pause.ts'

interface VerifyOptions {
  signal?: AbortSignal
}

/**
 * The gate's second half: reads every content once against its size and checksum. Ends with
 * ARCHIVE_DAMAGED when one is wrong, ARCHIVE_REFUSED when checksums were forged.
 */
export async function verifyArchive(archive: Archive, options: VerifyOptions = {}): Promise<void> {
  const { signal } = options
  const pause = createPause(signal)
  for (const { path, kind, size } of archive.entries) {
    // Folders have none, and links were read when the archive was opened.
    if (kind !== 'file') continue
    const tired = pause()
    if (tired) await tired
    signal?.throwIfAborted()
    if (size <= WHOLE_BYTES_MAX) await archive.read(path, size)
    else await finished((await archive.open(path)).resume(), { signal })
  }
  await refuseCollisions(archive)
}
