import { writeZip } from '@packline/archive'
import { type TestFile, treeOf } from '../../../../../../test/harness/subject.ts'

/** For tests: a jar of these files, with a manifest where none is given. */
export async function jarForTest(files: Record<string, TestFile>): Promise<Buffer> {
  const manifest = { 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n\r\n' }
  return zipForTest({ ...manifest, ...files }, true)
}

export async function zipForTest(files: Record<string, TestFile>, jar = false): Promise<Buffer> {
  const tree = treeOf(files)
  const entries = tree.files.map((file) => tree.entry(file))
  const packed = await writeZip(entries, { memory: true, bytesMax: 1e8 }, { jar })
  if (!('bytes' in packed.content)) throw new Error('the archive went to a file')
  return packed.content.bytes
}
