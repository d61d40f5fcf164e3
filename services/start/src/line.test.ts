import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freePort } from '@packline/setup'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { type LineOptions, startLine } from './line.ts'

/** A clone whose API is this program; there is no worker in it. */
async function cloneWith(api: string): Promise<LineOptions> {
  const root = temporaryFolder()
  await mkdir(join(root, 'services/api/src'), { recursive: true })
  await writeFile(join(root, 'services/api/src/main.ts'), api)
  return {
    root,
    local: join(root, '.local'),
    key: 'pk_dev_of_this_clone',
    secretKey: '',
    redisUrl: 'redis://127.0.0.1:1',
    storeUrl: 'file:///nowhere',
    scratch: join(root, '.local/scratch'),
    bwrap: undefined,
    registries: '{}',
    environment: { PATH: '/usr/bin:/bin' },
    signal: AbortSignal.timeout(20_000),
  }
}

/** Answers the list of workers to who has the clone's key, as the API does. */
const API = `import { createServer } from 'node:http'
createServer((request, response) => {
  const key = process.env.PACKLINE_KEYS.replace('dev:', '')
  response.statusCode = request.headers.authorization === 'Bearer ' + key ? 200 : 401
  response.end('{"items":[]}')
}).listen(Number(process.env.PACKLINE_PORT), '127.0.0.1')
console.log(process.env.PACKLINE_PORT, process.env.PACKLINE_PREFIX)`

describe('startLine', () => {
  test('says with its last line which service did not start, and where its log is', async () => {
    const options = await cloneWith('console.error("the disk is full"); process.exit(1)')
    await expect(startLine(options)).rejects.toMatchObject({
      message: 'The api ended at once: the disk is full',
      hint: `${join(options.local, 'api.log')} says more.`,
    })
  })

  test('stops the API again where the worker does not start', async () => {
    const options = await cloneWith(`${API}
process.on('SIGTERM', () => { console.log('asked to end'); process.exit(0) })`)
    await expect(startLine(options)).rejects.toThrow('The worker ended at once: ')
    const log = await readFile(join(options.local, 'api.log'), 'utf8')
    // Another clone may have taken the port that was tried first.
    expect(log).toMatch(/^\d+ \{packline\}\nasked to end\n$/m)
  })

  test('steps over a port that another took, and takes its API for none of ours', async () => {
    const strangers: Server[] = []
    const taken: number[] = []
    // Told by ours which port it is about to take, takes the first one before it.
    const told = createServer((request, response) => {
      const port = Number(request.url?.slice(1))
      const isFirst = taken.push(port) === 1
      if (!isFirst) return response.end()
      const stranger = createServer((_, answer) => answer.writeHead(401).end('{}'))
      strangers.push(stranger.listen(port, '127.0.0.1', () => response.end()))
      return response
    })
    await once(told.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void [told, ...strangers].map((server) => server.close()))
    const { port } = told.address() as AddressInfo
    const options =
      await cloneWith(`await fetch('http://127.0.0.1:${port}/' + process.env.PACKLINE_PORT)
${API}`)
    await expect(startLine(options)).rejects.toThrow('The worker ended at once: ')
    expect(taken).toHaveLength(2)
    expect(taken[1]).not.toBe(taken[0])
  })

  test.each([
    ['is tried first', (free: number) => String(free), (free: number) => String(free)],
    ['that is none is passed over', () => '99999', () => expect.stringMatching(/^\d{4,5}$/)],
  ])('a port that was named %s', async (_, named, expected) => {
    const free = await freePort()
    const options = await cloneWith('console.error(process.env.PACKLINE_PORT); process.exit(1)')
    const environment = { ...options.environment, PACKLINE_PORT: named(free) }
    const error = await startLine({ ...options, environment }).catch((one: Error) => one)
    const said = error instanceof Error ? error.message : ''
    expect(said.replace('The api ended at once: ', '')).toEqual(expected(free))
  })

  test('hands on which git servers need no TLS, and where people look at a build', async () => {
    const options = await cloneWith(
      'console.error(process.env.PACKLINE_PLAIN_HTTP_HOSTS, process.env.PACKLINE_BUILD_URL); process.exit(1)',
    )
    const environment = {
      ...options.environment,
      PACKLINE_PLAIN_HTTP_HOSTS: '127.0.0.1',
      PACKLINE_BUILD_URL: 'https://a/{build}',
    }
    await expect(startLine({ ...options, environment })).rejects.toThrow(
      'The api ended at once: 127.0.0.1 https://a/{build}',
    )
  })

  test('in a Redis that was given each clone has keys of its own', async () => {
    const prefixes = await Promise.all(
      [0, 1].map(async () => {
        const options = await cloneWith(
          'console.error(process.env.PACKLINE_PREFIX); process.exit(1)',
        )
        const environment = { ...options.environment, PACKLINE_REDIS_URL: options.redisUrl }
        const error = await startLine({ ...options, environment }).catch((one: Error) => one)
        return error instanceof Error ? error.message.split(': ')[1] : ''
      }),
    )
    for (const prefix of prefixes) expect(prefix).toMatch(/^\{packline-[0-9a-f]{8}\}$/)
    expect(prefixes[0]).not.toBe(prefixes[1])
  })
})
