import { Readable } from 'node:stream'

export type Given<T> = AsyncIterable<T> | Iterable<T>

/**
 * Values as the lines of a body: each is asked for when the connection has room for it, so that no
 * more than a few are in memory. What the values themselves fail with is thrown as it is.
 */
export async function sendLines<T>(
  values: Given<unknown>,
  send: (body: Readable) => Promise<T>,
): Promise<T> {
  let own: { error: unknown } | undefined
  const lines = inLines(values, (error) => {
    own = { error }
  })
  try {
    return await send(Readable.from(lines, { objectMode: false }))
  } catch (error) {
    throw own ? own.error : error
  }
}

async function* inLines(
  values: Given<unknown>,
  failed: (error: unknown) => void,
): AsyncGenerator<string> {
  for await (const value of watched(values, failed)) yield `${JSON.stringify(value)}\n`
}

/** A connection that breaks is told to the lines, which only end this one. */
async function* watched(
  values: Given<unknown>,
  failed: (error: unknown) => void,
): AsyncGenerator<unknown> {
  try {
    yield* values
  } catch (error) {
    failed(error)
    throw error
  }
}
