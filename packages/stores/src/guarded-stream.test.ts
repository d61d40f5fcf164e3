import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { guardedStream } from './guarded-stream.ts'

const translate = (error: unknown) => new Error('translated', { cause: error })

describe('guardedStream', () => {
  it('gives all bytes in order', async () => {
    const chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(10_000, index))
    const stream = guardedStream(Readable.from(chunks, { objectMode: false }), translate)
    expect(Buffer.concat(chunks).equals(await buffer(stream))).toBe(true)
  })

  it('reads no more than its reader wants', async () => {
    let given = 0
    const endless = new Readable({
      read() {
        given++
        this.push(Buffer.alloc(16 * 1024))
      },
    })
    const stream = guardedStream(endless, translate)
    for await (const _ of stream) break
    const seen = given
    await new Promise((resolve) => setImmediate(resolve))
    expect(given).toBe(seen)
    expect(seen).toBeLessThan(50)
  })

  it('translates an error of the source', async () => {
    const source = new Readable({ read: () => undefined })
    const stream = guardedStream(source, translate)
    const reading = buffer(stream)
    source.destroy(new Error('cut'))
    await expect(reading).rejects.toThrow('translated')
  })

  it('keeps an error for a reader that comes later', async () => {
    const source = new Readable({ read: () => undefined })
    const stream = guardedStream(source, translate)
    source.destroy(new Error('cut'))
    await new Promise((resolve) => stream.once('close', resolve))
    await expect(buffer(stream)).rejects.toThrow('translated')
    const sink = new PassThrough()
    await expect(pipeline(stream, sink)).rejects.toThrow()
  })

  it('makes an error of a reason that is none', async () => {
    const source = new Readable({ read: () => undefined })
    const stream = guardedStream(source, () => 'enough')
    source.destroy(new Error('cut'))
    await expect(buffer(stream)).rejects.toMatchObject({ cause: 'enough' })
  })

  it('ends the source when its reader goes away before the first byte', async () => {
    const source = new Readable({ read: () => undefined })
    guardedStream(source, translate).destroy()
    await once(source, 'close')
    expect(source.destroyed).toBe(true)
  })
})
