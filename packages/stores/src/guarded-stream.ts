import { Readable } from 'node:stream'

/**
 * The same bytes as `source`, but its errors are translated, and whatever ends this stream (an
 * error, a reader that goes away) ends the source too, also before the first byte was read.
 */
export function guardedStream(source: Readable, translate: (error: unknown) => unknown): Readable {
  const stream = new Readable({
    read: () => source.resume(),
    destroy: (error, done) => {
      source.destroy()
      done(error)
    },
  })
  source.pause()
  source.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) source.pause()
  })
  source.on('end', () => stream.push(null))
  // A reader that comes later still gets the error; without a listener it would end the process.
  stream.on('error', () => undefined)
  source.on('error', (error) => stream.destroy(asError(translate(error))))
  return stream
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The read was stopped', { cause: reason })
}
