import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { connect } from './connection.ts'
import { serve, type TestServer } from './test/serve.ts'
import { verified } from './verified.ts'

const BYTES = Buffer.alloc(200_000, 'package')
const DIGEST = createHash('sha256').update(BYTES).digest('hex')

let server: TestServer | undefined
afterEach(() => server?.close())

async function fetched(handler: Parameters<typeof serve>[0], signal?: AbortSignal) {
  server = await serve(handler)
  return verified(connect({ url: server.url, key: 'k' }), '/package', signal)
}

test('a package is read as it is where its digest is the one that was announced', async () => {
  const stream = await fetched((response) => {
    response.setHeader('x-content-sha256', DIGEST).end(BYTES)
  })
  expect((await buffer(stream)).equals(BYTES)).toBe(true)
})

test('other bytes than announced fail at the end, never look whole', async () => {
  const stream = await fetched((response) => {
    response.setHeader('x-content-sha256', DIGEST).end(BYTES.subarray(1))
  })
  await expect(buffer(stream)).rejects.toMatchObject({
    code: 'CONTENT_MISMATCH',
    message: expect.stringContaining(`announced was ${DIGEST}`),
  })
})

test('a cut is told as the server not answering', async () => {
  const stream = await fetched((response) => {
    response.writeHead(200, { 'x-content-sha256': DIGEST, 'content-length': BYTES.length })
    response.write(BYTES.subarray(0, 1000), () => response.destroy())
  })
  await expect(buffer(stream)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
})

test('without a digest nothing is taken, and the connection is closed', async () => {
  await expect(fetched((response) => response.end(BYTES))).rejects.toMatchObject({
    code: 'CONTENT_MISMATCH',
    hint: expect.stringContaining('X-Content-SHA256'),
  })
  await expect.poll(() => server?.connections()).toBe(0)
})

test('who stops reading closes the connection', async () => {
  const abort = new AbortController()
  const stream = await fetched((response) => {
    response.writeHead(200, { 'x-content-sha256': DIGEST })
    response.write(BYTES)
  }, abort.signal)
  const read = buffer(stream)
  abort.abort()
  await expect(read).rejects.toThrow()
  await expect.poll(() => server?.connections()).toBe(0)
})
