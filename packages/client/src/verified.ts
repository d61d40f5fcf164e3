import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { PacklineError } from '@packline/shared'
import type { Connection } from './connection.ts'

/**
 * A package as a stream, held against the digest that the server says it has: who reads it to its
 * end has all of it. Throws SERVER_UNREACHABLE for a cut, CONTENT_MISMATCH for other bytes.
 */
export async function verified(
  server: Connection,
  path: string,
  signal?: AbortSignal,
): Promise<Readable> {
  const { headers, body } = await server.ask(path, { signal })
  const expected = headers['x-content-sha256']
  if (typeof expected === 'string' && /^[0-9a-f]{64}$/.test(expected)) {
    return Readable.from(checked(body, expected), { objectMode: false })
  }
  body.destroy()
  throw new PacklineError('CONTENT_MISMATCH', 'The server does not say which digest it sends', {
    hint: 'See that what stands between lets the header X-Content-SHA256 through.',
  })
}

async function* checked(body: AsyncIterable<Buffer>, expected: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of unlessCut(body)) {
    hash.update(chunk)
    yield chunk
  }
  const found = hash.digest('hex')
  if (found === expected) return
  const what = `What came has the sha256 ${found}; announced was ${expected}`
  throw new PacklineError('CONTENT_MISMATCH', what, { hint: 'Fetch it again.' })
}

/** What comes; a connection that breaks is SERVER_UNREACHABLE. */
export async function* unlessCut(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new PacklineError('SERVER_UNREACHABLE', `The answer was cut: ${reason}`, { cause })
  }
}
