import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest'
import { needs } from '../../../test/harness/needs.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { findRedis, type RedisOptions } from './redis.ts'
import { redisAnswers } from './redis-ping.ts'

/** With the server program that the harness found as the only thing on PATH. */
function options(context: TestContext, more: Partial<RedisOptions> = {}) {
  needs(context, 'redisServer')
  const notes: string[] = []
  const folder = temporaryFolder()
  const all: RedisOptions = {
    folder: path.join(folder, 'redis'),
    debianFolder: path.join(folder, 'debian'),
    environment: { PATH: path.dirname(process.env.PACKLINE_TEST_REDIS ?? '') },
    note: (line) => notes.push(line),
    ...more,
  }
  return { options: all, notes }
}

async function start(all: RedisOptions) {
  const redis = await findRedis(all)
  onTestFinished(redis.stop)
  return redis
}

/** Sends commands as they are typed and answers the raw text of the answers. */
function ask(url: string, text: string): Promise<string> {
  const { hostname, port, password } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.end(`AUTH ${password}\r\n${text}QUIT\r\n`)
  return socket.toArray().then((chunks) => Buffer.concat(chunks).toString())
}

describe('findRedis', () => {
  test('starts the program on PATH and says what it tried before', async (context) => {
    const { options: all, notes } = options(context)
    const redis = await start(all)
    expect(redis.how).toBe('redis-server on PATH')
    expect(notes).toEqual(['Redis: by URL: none given'])
    expect(await redisAnswers(redis.url)).toBe(true)
  })

  test('lets in only who knows the password, which stands in no argument', async (context) => {
    const redis = await start(options(context).options)
    const url = new URL(redis.url)
    expect(url.hostname).toBe('127.0.0.1')
    url.password = 'another'
    expect(await redisAnswers(url.href)).toBe(false)
    url.password = ''
    expect(await redisAnswers(url.href)).toBe(false)
  })

  test('evicts nothing and appends every write to a file of its folder', async (context) => {
    const { options: all } = options(context)
    const redis = await start(all)
    expect(await ask(redis.url, 'CONFIG GET maxmemory-policy\r\n')).toContain('noeviction')
    expect(await ask(redis.url, 'CONFIG GET appendonly\r\n')).toContain('yes')
    expect(existsSync(path.join(all.folder, 'appendonlydir'))).toBe(true)
    expect(statSync(path.join(all.folder, 'redis.conf')).mode & 0o077).toBe(0)
  })

  test('still has what was written when it is started again', async (context) => {
    const { options: all } = options(context)
    const first = await findRedis(all)
    expect(await ask(first.url, 'SET kept yes\r\n')).toContain('+OK')
    await first.stop()
    expect(await redisAnswers(first.url)).toBe(false)
    const second = await start(all)
    expect(await ask(second.url, 'GET kept\r\n')).toContain('yes')
  })

  test('takes the one given by URL and leaves it running', async (context) => {
    const given = await start(options(context).options)
    const { options: all, notes } = options(context, { url: given.url })
    const redis = await findRedis(all)
    await redis.stop()
    expect(redis.url).toBe(given.url)
    expect(notes).toEqual([])
    expect(await redisAnswers(given.url)).toBe(true)
  })

  test('says which given host does not answer and goes on', async (context) => {
    const url = 'redis://:secret@127.0.0.1:1'
    const { options: all, notes } = options(context, { url })
    const redis = await start(all)
    expect(redis.how).toBe('redis-server on PATH')
    expect(notes).toEqual(['Redis: by URL: 127.0.0.1:1 does not answer'])
  })

  test('says what to install when no way is left', async (context) => {
    const { options: all } = options(context, { environment: { PATH: '/nonexistent' } })
    await expect(findRedis(all)).rejects.toMatchObject({
      code: 'RECORDS_UNAVAILABLE',
      hint: expect.stringContaining('Install redis-server'),
      message: expect.stringContaining('neither Debian nor Ubuntu'),
    })
  })

  test('shows the reason of a server that does not start', async (context) => {
    const { options: all, notes } = options(context)
    const redis = await findRedis(all)
    await redis.stop()
    const damaged = path.join(all.folder, 'appendonlydir', 'appendonly.aof.manifest')
    expect(readFileSync(damaged, 'utf8')).toContain('file')
    writeFileSync(damaged, 'not a manifest\n')
    await expect(findRedis({ ...all, order: ['path'] })).rejects.toThrow(/Redis ended at once: /)
    expect(notes.at(-1)).toMatch(/^Redis: on PATH: Redis ended at once: /)
  })
})

describe('redisAnswers', () => {
  test('is no when nobody listens, and when who listens is no Redis', async () => {
    expect(await redisAnswers('redis://127.0.0.1:1')).toBe(false)
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await redisAnswers(`redis://127.0.0.1:${port}`)).toBe(false)
  })
})
