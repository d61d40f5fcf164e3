import { BLOCK_BYTES } from './tar-header.ts'

/** Hands out the bytes of a tar in order; without a promise where they are there already. */
export interface TarFeed {
  /** So many bytes; fewer where the tar ends before them. */
  take(length: number): Buffer | Promise<Buffer>
  /** The content that begins here, in pieces. It is read or passed over before all else. */
  content(size: number): AsyncIterable<Buffer>
  /** Passes over what is left of the content, and what fills up its last block. */
  skip(): void | Promise<void>
}

const NOTHING = Buffer.alloc(0)

/** Throws what `cut` makes where a content is not whole. */
export function createTarFeed(inflated: AsyncIterable<Buffer>, cut: () => Error): TarFeed {
  const source = inflated[Symbol.asyncIterator]()
  let rest: Buffer = NOTHING
  let [left, filling] = [0, 0]

  const shift = (length: number) => {
    const bytes = rest.subarray(0, length)
    rest = rest.subarray(length)
    return bytes
  }
  const more = async () => {
    const { done, value } = await source.next()
    if (done) return false
    rest = rest.length === 0 ? value : Buffer.concat([rest, value])
    return true
  }
  const takeSlowly = async (length: number) => {
    while (rest.length < length && (await more()));
    return shift(length)
  }
  async function* pieces() {
    while (left > 0) {
      if (rest.length === 0 && !(await more())) throw cut()
      const piece = shift(left)
      left -= piece.length
      yield piece
    }
  }
  const skipSlowly = async () => {
    let missing = left + filling
    while (missing > 0) {
      if (rest.length === 0 && !(await more())) throw cut()
      missing -= shift(missing).length
    }
    left = filling = 0
  }

  return {
    take: (length) => (rest.length >= length ? shift(length) : takeSlowly(length)),
    content(size) {
      left = size
      filling = (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES
      return pieces()
    },
    skip: () => (left + filling === 0 ? undefined : skipSlowly()),
  }
}
