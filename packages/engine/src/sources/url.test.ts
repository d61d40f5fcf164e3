import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { makeOutbound } from '@packline/outbound'
import { loadProfile } from '@packline/profiles'
import { LIMITS, type SourcePin } from '@packline/shared'
import { expect, onTestFinished, test } from 'vitest'
import { fetchedBy } from '../../../../test/harness/fetch-source.ts'
import { zipOf } from '../../../../test/harness/subject.ts'
import type { BuildContext } from '../context.ts'

const profile = await loadProfile('ctyun-functiongraph')
const outbound = makeOutbound({ allow: ['127.0.0.1'] })
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const fetch = (
  url: string,
  sha256: string | null,
  given: Partial<BuildContext> = {},
): Promise<{ pins: SourcePin[]; events: object[]; content: Buffer; is: string }> =>
  fetchedBy({ kind: 'url', url, sha256 }, { profile, outbound, ...given }, async (found) => {
    const { source, pins, told } = found
    if ('tree' in source) throw new Error('it is a tree')
    const [is, archive] =
      'tarball' in source ? ['tarball', source.tarball] : ['archive', source.archive]
    const content = 'bytes' in archive ? archive.bytes : readFileSync(archive.path)
    // Never whole in memory but where it is small.
    expect('bytes' in archive).toBe(content.length <= LIMITS.memoryTreeBytesMax)
    expect(pins).toEqual([source.pin])
    return { pins, events: told.events, content, is }
  })

test('an archive is what its digest says, in memory or on disk, and pinned', async () => {
  const small = await zipOf({ 'index.js': '1' })
  const large = Buffer.alloc(5 * 1024 * 1024, 'packline')
  const files: Record<string, Buffer> = { '/small.zip': small, '/large.bin': large }
  const at = await serve(({ url = '' }, response) => response.end(files[url]))
  for (const [path, bytes] of Object.entries(files)) {
    const sha256 = sha256Of(bytes)
    const url = `${at}${path}`
    const found = await fetch(url, sha256)
    expect(found.content.equals(bytes)).toBe(true)
    expect(found.is).toBe('archive')
    expect(found.events).toEqual([])
    const size = bytes.length
    expect(found.pins).toEqual([{ kind: 'url', url, format: 'zip', sha256, size }])
  }
})

test('a tar.gz is known by its bytes, whatever it is called', async () => {
  const bytes = gzipSync('a tar')
  const at = await serve((_request, response) => {
    response.setHeader('content-type', 'application/zip').end(bytes)
  })
  const { is, pins } = await fetch(`${at}/source.zip`, sha256Of(bytes))
  expect(is).toBe('tarball')
  expect(pins).toMatchObject([{ format: 'tar.gz' }])
})

test('without a digest what is there is built, with a warning, and the same by a later attempt', async () => {
  let bytes = await zipOf({ 'index.js': '1' })
  const at = await serve((_request, response) => response.end(bytes))
  const first = await fetch(`${at}/a.zip`, null)
  expect(first.events).toEqual([
    {
      type: 'warning',
      message: expect.stringContaining('source.sha256 is null'),
      zh: { message: expect.stringContaining('source.sha256 为 null') },
    },
  ])
  const [pinned] = first.pins
  if (!pinned) throw new Error('it was not pinned')
  expect((await fetch(`${at}/a.zip`, null, { pinned })).pins).toEqual(first.pins)
  bytes = await zipOf({ 'index.js': '2' })
  await expect(fetch(`${at}/a.zip`, null, { pinned })).rejects.toMatchObject({
    code: 'SOURCE_DIFFERS',
    message: `${at}/a.zip is ${sha256Of(bytes)}; expected ${sha256Of(first.content)}`,
  })
})

test('another content than the named one is refused', async () => {
  const at = await serve((_request, response) => response.end('other'))
  const refused = fetch(`${at}/a.zip?signature=secret`, 'a'.repeat(64))
  await expect(refused).rejects.toMatchObject({ code: 'SOURCE_DIFFERS' })
  await expect(refused).rejects.not.toThrow(/signature/)
})

test('redirects are followed, and the pin says where from and where to, without queries', async () => {
  const bytes = await zipOf({ 'index.js': '1' })
  const at = await serve(({ url }, response) => {
    if (url === '/end.zip?signature=secret') return response.end(bytes)
    response.writeHead(302, { location: '/end.zip?signature=secret' }).end()
  })
  const { pins } = await fetch(`${at}/start?token=secret`, sha256Of(bytes))
  expect(pins).toMatchObject([{ url: `${at}/start`, finalUrl: `${at}/end.zip` }])
})

test('a redirect into the machine is refused', async () => {
  const at = await serve((_request, response) => {
    response.writeHead(302, { location: 'https://localhost:1/' }).end()
  })
  const port = new URL(at).port
  const strict = makeOutbound({ allow: [`127.0.0.1:${port}`] })
  await expect(fetch(at, null, { outbound: strict })).rejects.toMatchObject({
    code: 'SOURCE_NOT_ALLOWED',
  })
})

test('more than the platform takes is refused, before it comes where its size is said', async () => {
  const limits = { ...profile.limits, packageBytesMax: 1000 }
  const small = { profile: { ...profile, limits } }
  let sent = 0
  const at = await serve(({ url }, response) => {
    if (url === '/said') response.setHeader('content-length', 5000)
    if (url === '/exact') return response.end(Buffer.alloc(1000))
    sent = 0
    const timer = setInterval(() => {
      sent += 100
      if (sent >= 5000) response.end(Buffer.alloc(100))
      else response.write(Buffer.alloc(100))
    }, 1)
    response.on('close', () => clearInterval(timer))
    response.flushHeaders()
  })
  for (const path of ['/said', '/streamed']) {
    await expect(fetch(`${at}${path}`, null, small)).rejects.toMatchObject({
      code: 'SOURCE_TOO_LARGE',
      message: expect.stringMatching(/or more; at most 1000 are taken$/),
    })
    expect(sent).toBeLessThan(5000)
  }
  expect((await fetch(`${at}/exact`, null, small)).content).toHaveLength(1000)
})

test.each([
  [404, 'SOURCE_NOT_FOUND'],
  [410, 'SOURCE_NOT_FOUND'],
  [400, 'SOURCE_NOT_FOUND'],
  [204, 'SOURCE_NOT_FOUND'],
  [401, 'SOURCE_NOT_ALLOWED'],
  [403, 'SOURCE_NOT_ALLOWED'],
  [429, 'SOURCE_UNREACHABLE'],
  [500, 'SOURCE_UNREACHABLE'],
  [503, 'SOURCE_UNREACHABLE'],
])('an address that answers %i ends as %s', async (status, code) => {
  const at = await serve((_request, response) => response.writeHead(status).end())
  await expect(fetch(`${at}/a.zip`, null)).rejects.toMatchObject({
    code,
    message: `${at}/a.zip answers ${status}`,
  })
})

test('what breaks off, and what was encoded on its way, is not taken for the archive', async () => {
  const at = await serve(({ url }, response) => {
    if (url === '/encoded') return response.setHeader('content-encoding', 'br').end('x')
    response.writeHead(200, { 'content-length': 100 })
    response.write('half', () => response.destroy())
  })
  await expect(fetch(`${at}/half`, null)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
  await expect(fetch(`${at}/encoded`, null)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
})

test('a source that never ends is ended by the time that the build has, or with the build', async () => {
  const at = await serve((_request, response) => {
    const timer = setInterval(() => response.write('a'), 20)
    response.on('close', () => clearInterval(timer))
  })
  const spec = { kind: 'url', url: at, sha256: null } as const
  const { urlSource } = await import('./url/index.ts')
  const stop = new AbortController()
  await fetchedBy({ kind: 'inline', files: { a: '1' } }, {}, async ({ told }, bench) => {
    const reporter = { event: () => {}, log: () => {}, pin: async () => {} }
    const context = { profile, outbound, reporter, signal: stop.signal } as unknown as BuildContext
    const build = { timeoutSeconds: 0.3 } as never
    const late = urlSource.fetch(spec, context, bench, build)
    await expect(late).rejects.toMatchObject({ code: 'TIMED_OUT' })
    const running = urlSource.fetch(spec, context, bench, { timeoutSeconds: 60 } as never)
    setTimeout(() => stop.abort(new Error('cancelled')), 100)
    await expect(running).rejects.toThrow('cancelled')
    expect(told.events).toEqual([])
  })
})
