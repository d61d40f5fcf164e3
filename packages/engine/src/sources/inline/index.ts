import type { InlineFile, SourcePin } from '@packline/shared'
import { type MemoryFile, memoryTree } from '../../memory-tree.ts'
import { digestOf } from '../../tree.ts'
import type { Source } from '../source.ts'

/** Files that came with the request; they never touch the disk unless a tool needs them. */
export const inlineSource: Source<'inline'> = {
  kind: 'inline',
  fetch: async (spec) => {
    const files = Object.entries(spec.files).map(([path, file]) => fileOf(path, file))
    const tree = memoryTree(files)
    const pin: SourcePin = { kind: 'inline', sha256: await digestOf(tree) }
    return { pin, tree }
  },
}

function fileOf(path: string, file: InlineFile): MemoryFile {
  if (typeof file === 'string') return { path, executable: false, bytes: Buffer.from(file) }
  const bytes = 'base64' in file ? Buffer.from(file.base64, 'base64') : Buffer.from(file.text)
  return { path, executable: file.executable ?? false, bytes }
}
