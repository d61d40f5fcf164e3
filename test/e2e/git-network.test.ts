import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registryAccess, runTool } from '@packline/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAuthority } from '../harness/authority.ts'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { type GitServer, makeRepository, serveRepositories } from '../harness/git-server.ts'
import { needs } from '../harness/needs.ts'

let folder: string
let engine: TestEngine
let server: GitServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-git-network-'))
  engine = await testEngine()
  server = await serveRepositories(folder)
  await makeRepository(join(folder, 'app'), { bootstrap: '#!/bin/sh\n' })
})
afterAll(async () => {
  await server?.close()
  await engine?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

function build(url: string, own: TestEngine = engine) {
  return own.build({
    function: 'hello',
    runtime: 'custom',
    handler: 'any',
    source: { kind: 'git', url, ref: 'main' },
    build: { load: false },
  })
}

/** Listens on loopback; gives the port, and what ends it. */
async function listen(handler: Parameters<typeof createServer>[1]) {
  const other = createServer(handler)
  await once(other.listen(0, '127.0.0.1'), 'listening')
  const close = () => {
    other.closeAllConnections()
    return new Promise((resolve) => other.close(resolve))
  }
  return { server: other, port: (other.address() as AddressInfo).port, close }
}

test('a redirect to another server is refused, and that server is never asked', async (context) => {
  needs(context, 'git', 'sandbox')
  server.requests.length = 0
  const target = `${server.url}/app/.git/info/refs?service=git-upload-pack`
  const leading = await listen((_request, response) => {
    response.writeHead(302, { location: target }).end()
  })
  const { outcome, log } = await build(`http://127.0.0.1:${leading.port}/app/.git`)
  await leading.close()
  expect(outcome).toMatchObject({ status: 'failed', failure: { code: 'SOURCE_NOT_ALLOWED' } })
  const { port } = new URL(server.url)
  const own = `127.0.0.1:${leading.port}`
  const line = `network: 127.0.0.1:${port} was refused: this command may reach ${own}`
  expect(log).toContain(line)
  expect(outcome.status === 'failed' && outcome.failure.output).toContain(line)
  expect(server.requests).toEqual([])
})

test('a name that nobody knows is told by the worker, which looked for it', async (context) => {
  needs(context, 'git', 'sandbox')
  const { outcome } = await build('https://no-such-host.invalid/app.git')
  expect(outcome).toMatchObject({ status: 'failed', failure: { code: 'SOURCE_UNREACHABLE' } })
  const output = outcome.status === 'failed' ? outcome.failure.output : []
  expect(output?.join('\n')).toMatch(/no-such-host\.invalid:443 could not be reached/)
})

test("from git's network neither Redis nor the store is reached", async (context) => {
  needs(context, 'redis', 'store', 'sandbox')
  const names = ['PACKLINE_TEST_REDIS_URL', 'PACKLINE_TEST_STORE_URL'] as const
  const places = names.map((name) => new URL(process.env[name] ?? '').host.split(':'))
  const ways = places.flatMap(([host, port = '6379']) => [
    `(exec 3<>/dev/tcp/${host}/${port}) 2>&1 | grep -o refused | head -1`,
    'exec 3<>/dev/tcp/127.0.0.1/3128',
    `printf 'CONNECT ${host}:${port} HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&3; head -1 <&3`,
  ])
  const { hostname, port } = new URL(server.url)
  const { stdout } = await runTool(engine.isolation)(
    {
      argv: ['bash', '-c', ways.join('\n')],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      network: 'source-host',
      reach: [{ host: hostname, port: Number(port) }],
      binds: [],
    },
    { signal: context.signal, timeoutMs: 30_000, outputBytesMax: 10_000 },
  )
  const refused = ['refused', 'HTTP/1.1 403 Forbidden']
  expect(stdout.trim().split(/\r?\n/)).toEqual([...refused, ...refused])
})

test("https is spoken by git itself, by the worker's authorities and proxy", async (context) => {
  needs(context, 'git', 'openssl')
  const authority = makeAuthority(folder)
  const secure = await serveRepositories(folder, authority.issue(['git.test']))
  const asked: string[] = []
  // It alone knows where git.test is.
  const proxy = await listen(undefined)
  proxy.server.on('connect', (request, client) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`)
    const upstream = connect(Number(new URL(secure.url).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      client.pipe(upstream).pipe(client)
    })
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
  })
  const https = `http://me:s3cret@127.0.0.1:${proxy.port}`
  const trusting = await registryAccess({ ca: authority.path, proxy: { https } })
  const own = await testEngine({ registries: trusting })
  const found = await build('https://git.test/app/.git', own)
  await own.close()
  const doubting = await testEngine({ registries: await registryAccess({ proxy: { https } }) })
  const doubted = await build('https://git.test/app/.git', doubting)
  await doubting.close()
  await proxy.close()
  await secure.close()
  expect(found.outcome).toMatchObject({ status: 'succeeded' })
  const basic = Buffer.from('me:s3cret').toString('base64')
  expect(new Set(asked)).toEqual(new Set([`git.test:443 Basic ${basic}`]))
  expect(doubted.outcome).toMatchObject({ failure: { code: 'SOURCE_UNREACHABLE' } })
  expect(JSON.stringify([found.log, found.events, doubted.log])).not.toContain('s3cret')
})
