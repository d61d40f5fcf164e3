import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { type StreamedFile, streamZip } from './stream-zip.ts'
import { verifyArchive } from './verify.ts'

const never = new AbortController().signal
const limits = { entriesMax: 1000, unpackedBytesMax: 100_000_000, ratioMax: 1000 }

function file(path: string, bytes: Buffer): StreamedFile {
  return {
    path,
    size: bytes.length,
    open: async () => Readable.from([bytes], { objectMode: false }),
  }
}

describe('a streamed ZIP', () => {
  test('holds each file as it is, passes the gate, and has the same bytes always', async () => {
    const files = Array.from({ length: 40 }, (_, n) => file(`f-${n}.zip`, randomBytes(n * 997)))
    const zip = await buffer(streamZip(files, never))
    expect((await buffer(streamZip(files, never))).equals(zip)).toBe(true)
    const archive = await openArchive({ bytes: zip }, { limits })
    await verifyArchive(archive)
    expect(archive.entries.map(({ path, size }) => [path, size])).toEqual(
      files.map(({ path, size }) => [path, size]),
    )
    const seventh = await buffer(await archive.open('f-7.zip'))
    expect(seventh.equals(await buffer((await files[7]?.open()) as Readable))).toBe(true)
    await archive.close()
  })

  test('opens one file at a time, and none before its reader has taken what came before', async () => {
    const opened: string[] = []
    const large = (path: string): StreamedFile => ({
      ...file(path, Buffer.alloc(4_000_000)),
      open: async () => {
        opened.push(path)
        return Readable.from(Array.from({ length: 400 }, () => Buffer.alloc(10_000)))
      },
    })
    const output = streamZip([large('a'), large('b'), large('c')], never)
    await new Promise((resolve) => output.once('readable', resolve))
    for (let n = 0; n < 100; n++) await turn()
    expect(opened).toEqual(['a'])
    await buffer(output)
    expect(opened).toEqual(['a', 'b', 'c'])
  })

  const broken: [string, StreamedFile, RegExp][] = [
    [
      'can not be opened',
      { path: 'x', size: 3, open: () => Promise.reject(new Error('the store is away')) },
      /the store is away/,
    ],
    [
      'breaks with an error',
      {
        path: 'x',
        size: 3,
        open: async () =>
          new Readable({
            read() {
              this.destroy(new Error('the connection is gone'))
            },
          }),
      },
      /the connection is gone/,
    ],
    [
      'is closed without a word',
      {
        path: 'x',
        size: 3,
        open: async () =>
          new Readable({
            read() {
              this.push('a')
              this.destroy()
            },
          }),
      },
      /broke off before its 3 bytes/,
    ],
    [
      'has another size than announced',
      { ...file('x', Buffer.from('four')), size: 3 },
      /unexpected number of bytes/,
    ],
  ]
  test.each(broken)('of a file that %s fails where it is read', async (_how, wrong, message) => {
    const files = [file('first', Buffer.from('first')), wrong, file('last', Buffer.from('last'))]
    await expect(buffer(streamZip(files, never))).rejects.toThrow(message)
  })

  test('that nobody reads any more, or that is stopped, closes what it reads', async () => {
    const contents: Readable[] = []
    const endless: StreamedFile = {
      path: 'endless',
      size: 1e12,
      open: async () => {
        const content = new Readable({
          read() {
            setImmediate(() => this.push(Buffer.alloc(1000)))
          },
        })
        contents.push(content)
        return content
      },
    }
    const stop = new AbortController()
    for (const end of [
      (output: Readable) => output.destroy(),
      () => stop.abort(new Error('stop')),
    ]) {
      const output = streamZip([endless], stop.signal)
      output.resume()
      await new Promise((resolve) => output.once('data', resolve))
      const closed = new Promise((resolve) => contents.at(-1)?.once('close', resolve))
      end(output)
      await closed
    }
    expect(contents).toHaveLength(2)
  })
})
