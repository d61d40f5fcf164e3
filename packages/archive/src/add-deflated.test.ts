import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { AT_ONCE_BYTES_MAX, addDeflated } from './add-deflated.ts'

const mtime = new Date(1980, 0, 1)

async function zipOf(
  add: (zip: ZipFile, content: Buffer, path: string, options: { compressionLevel: number }) => void,
  contents: readonly Buffer[],
): Promise<Buffer> {
  const zip = new ZipFile()
  zip.addEmptyDirectory('folder', { mtime, forceDosTimestamp: true })
  for (const [at, content] of contents.entries()) {
    const options = { mtime, mode: 0o100644, forceDosTimestamp: true, compressionLevel: 6 }
    // Such a one is written in between, when the thread pool is through with it.
    if (at === 2) zip.addBuffer(content, `between-${at}`, options)
    else add(zip, content, `file-${at}`, options)
  }
  zip.end()
  return buffer(zip.outputStream as NodeJS.ReadableStream)
}

test('the bytes are those that yazl writes by itself', async () => {
  const contents = [
    Buffer.alloc(0),
    Buffer.from('exports.handler = async () => 1\n'),
    Buffer.from('between'),
    Buffer.alloc(AT_ONCE_BYTES_MAX, 'abc'),
    randomBytes(AT_ONCE_BYTES_MAX),
    Buffer.from('中文'),
  ]
  const own = await zipOf((zip, ...rest) => zip.addBuffer(...rest), contents)
  expect(await zipOf(addDeflated, contents)).toEqual(own)
})
