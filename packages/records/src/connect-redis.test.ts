import { type AddressInfo, createServer, connect as reach } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { connectRedis, untilReady } from './connect-redis.ts'
import { testRedisUrl } from './test-installation.ts'
import { makeTestProxy, type TestProxy } from './test-proxy.ts'

const opened: { disconnect(): void }[] = []
const proxies: TestProxy[] = []
afterEach(async () => {
  for (const redis of opened.splice(0)) redis.disconnect()
  for (const proxy of proxies.splice(0)) await proxy.close()
})

async function throughProxy() {
  const proxy = await makeTestProxy(testRedisUrl())
  proxies.push(proxy)
  return proxy
}

function connect(url: string) {
  const redis = connectRedis(url)
  opened.push(redis)
  return redis
}

describe('untilReady', () => {
  test('is through at once where Redis answers, also the second time', async () => {
    const redis = connect(testRedisUrl())
    await untilReady(redis)
    expect(redis.status).toBe('ready')
    await untilReady(redis, 1)
  })

  test('waits for a Redis that starts a little later', async () => {
    const proxy = await throughProxy()
    proxy.shut()
    const redis = connect(proxy.url)
    const refused = new Promise<void>((resolve) => redis.once('error', () => resolve()))
    const waiting = untilReady(redis, 10_000)
    await refused
    proxy.open()
    await waiting
    expect(redis.status).toBe('ready')
  })

  test('gives up after its time and not before, with the last reason', async () => {
    const proxy = await throughProxy()
    proxy.shut()
    const started = performance.now()
    await expect(untilReady(connect(proxy.url), 1200)).rejects.toMatchObject({
      code: 'RECORDS_UNAVAILABLE',
      message: expect.stringMatching(/^Redis did not answer within 1\.2 s: \S/),
      hint: expect.stringContaining('PACKLINE_REDIS_URL'),
    })
    expect(performance.now() - started).toBeGreaterThanOrEqual(1150)
  })
})

describe('connectRedis', () => {
  test('fails commands at once while Redis is away, and comes back by itself', async () => {
    const proxy = await throughProxy()
    const redis = connect(proxy.url)
    await untilReady(redis)
    proxy.shut()
    await expect(redis.ping()).rejects.toThrow()
    proxy.open()
    await expect.poll(() => redis.ping().catch(() => 'away'), { timeout: 5000 }).toBe('PONG')
  })

  test('lets the commands of BullMQ wait for Redis instead', async () => {
    const proxy = await throughProxy()
    proxy.shut()
    const redis = connectRedis(proxy.url, 'blocking')
    opened.push(redis)
    const answer = redis.ping()
    proxy.open()
    expect(await answer).toBe('PONG')
  })
})

test('what one turn asks for is sent at once', async () => {
  const chunks: Buffer[] = []
  const { hostname, port } = new URL(testRedisUrl())
  const relay = createServer((near) => {
    const far = reach(Number(port || 6379), hostname).on('error', () => near.destroy())
    near.on('error', () => far.destroy()).on('data', (chunk) => chunks.push(chunk))
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((listening) => relay.listen(0, '127.0.0.1', listening))
  const address = relay.address() as AddressInfo
  const url = Object.assign(new URL(testRedisUrl()), {
    hostname: '127.0.0.1',
    port: String(address.port),
  })
  const redis = connect(url.href)
  await untilReady(redis)
  chunks.length = 0
  await Promise.all(Array.from({ length: 50 }, () => redis.ping()))
  expect(chunks).toHaveLength(1)
  await redis.quit()
  await new Promise((closed) => relay.close(closed))
})
