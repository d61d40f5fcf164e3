import { Readable } from 'node:stream'
import { failed, type PacklineError } from '@packline/shared'
import { unreachable } from './unreachable.ts'

interface Bounds {
  bytesMax: number
  /** What the answer says of its length; 0 where it says nothing. */
  declared: number
  /** Where it comes from, for errors. */
  place: string
  signal: AbortSignal
}

/** An answer's body: BODY_TOO_LARGE beyond its bound, SOURCE_UNREACHABLE where it breaks off. */
export function boundedBody(body: Readable, bounds: Bounds): Readable {
  const bounded = Readable.from(pieces(body, bounds), { objectMode: false })
  // Destroyed before it was read, the generator has not begun and can not clean up.
  bounded.once('close', () => body.on('error', () => {}).destroy())
  return bounded
}

async function* pieces(body: Readable, bounds: Bounds): AsyncGenerator<Buffer> {
  const { bytesMax, declared, place, signal } = bounds
  if (declared > bytesMax) throw tooLarge(bounds)
  let bytes = 0
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > bytesMax) throw tooLarge(bounds)
      yield piece
    }
  } catch (error) {
    signal.throwIfAborted()
    throw unreachable(error, place)
  }
}

function tooLarge({ place, bytesMax }: Bounds): PacklineError {
  const detail = {
    en: `${place} sends more than ${bytesMax} bytes`,
    zh: `${place} 发送的内容超过 ${bytesMax} 字节`,
  }
  return failed('BODY_TOO_LARGE', { detail })
}
