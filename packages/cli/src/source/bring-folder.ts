import type { Client } from '@packline/client'
import { sourceFolder, type Tree } from '@packline/engine'
import type { BuildRequestInput, InlineFile } from '@packline/shared'
import { counted } from '@packline/terminal'
import { uploadZip } from './upload-zip.ts'

/** Up to this much goes with the request itself: one call instead of two. */
const INLINE_BYTES_MAX = 128 * 1024
const INLINE_FILES_MAX = 100

export interface BroughtSource {
  source: BuildRequestInput['source']
  /** For people: what was sent, and how. */
  said: string
}

interface Options {
  as?: 'source' | 'package'
  include?: readonly string[]
  /** Sends even a small one as a ZIP: the request is full. */
  uploaded?: boolean
  signal: AbortSignal
}

/**
 * A folder as a server takes it: small ones inline, others as a ZIP that is the same for the same
 * files, so that the server has it already the second time. `.packlineignore` holds here as there.
 */
export async function bringFolder(
  client: Pick<Client, 'upload'>,
  folder: string,
  { as = 'source', include, uploaded, signal }: Options,
): Promise<BroughtSource> {
  const tree = await sourceFolder(folder, [], include)
  const files = counted(tree.files.length, 'file')
  const inline = uploaded ? undefined : await inlineFiles(tree)
  if (inline) return { source: { kind: 'inline', files: inline, as }, said: `${files} inline` }
  const entries = tree.files.map((file) => tree.entry(file))
  const upload = await uploadZip(client, entries, signal)
  return {
    source: { kind: 'upload', upload, as },
    said: `${files} uploaded, ${upload.slice(0, 12)}`,
  }
}

/** Undefined where the folder is too large for it, or holds links, which a request can not say. */
async function inlineFiles({ files, read }: Tree): Promise<Record<string, InlineFile> | undefined> {
  const size = files.reduce((sum, file) => sum + file.size, 0)
  if (files.length === 0 || files.length > INLINE_FILES_MAX || size > INLINE_BYTES_MAX) {
    return undefined
  }
  if (files.some(({ linkTarget }) => linkTarget !== undefined)) return undefined
  const pairs = files.map(async ({ path, executable }) => {
    return [path, inlineFile(await read(path, INLINE_BYTES_MAX), executable)] as const
  })
  return Object.fromEntries(await Promise.all(pairs))
}

function inlineFile(bytes: Buffer, executable: boolean): InlineFile {
  const text = bytes.toString('utf8')
  // What is no UTF-8 would come back as other bytes.
  if (!Buffer.from(text, 'utf8').equals(bytes))
    return { base64: bytes.toString('base64'), executable }
  return executable ? { text, executable } : text
}
