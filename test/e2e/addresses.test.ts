import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { registryAccess } from '@packline/engine'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listen, serve } from '../../packages/outbound/src/test-server.ts'
import { makeAuthority } from '../harness/authority.ts'
import { type Watch, watchConnections } from '../harness/connections.ts'
import { HOSTILE_HOSTS, HOSTILE_NAMES, HOSTILE_URLS } from '../harness/hostile-addresses.ts'
import { type NameServer, startNameServer } from '../harness/name-server.ts'
import { needs } from '../harness/needs.ts'
import { newKeys } from '../harness/ssh-git-server.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { type Allowed, WAYS, type Way } from '../harness/ways-outside.ts'

/** All that a refusal may be called; "unreachable" would be worth another attempt. */
const REFUSED = ['SOURCE_NOT_ALLOWED', 'INVALID_REQUEST', 'BUCKET_NOT_KNOWN', 'REGION_DIFFERS']
/** What no name server can answer; a system's own could. */
const NO_ANSWERS = /^(?:with-zone|not-an-address)\./
const [tried, through] = [new Set<string>(), [] as string[]]

let names: NameServer
let giveBack: () => void
let watch: Watch
beforeAll(async () => {
  const known = Object.entries(HOSTILE_NAMES).filter(([name]) => !NO_ANSWERS.test(name))
  names = await startNameServer({ ...Object.fromEntries(known), ...REBOUND })
  giveBack = names.takeOver()
  watch = watchConnections()
})
afterAll(() => {
  watch?.end()
  giveBack?.()
  names?.close()
})

/** Public enough at first (the operator allows it), and inside at the second look. */
const REBOUND = {
  'rebound.test': [['127.0.0.2'], ['127.0.0.1']],
  'rebound-6.test': [['127.0.0.2'], ['::1']],
  'rebound-mapped.test': [['127.0.0.2'], ['::ffff:127.0.0.1']],
}

/** Tries an address; answers who was reached beside `expected`, or what was answered; else "". */
async function attempt(name: string, address: string, allowed?: Allowed, expected: string[] = []) {
  const way: Way = WAYS[name as keyof typeof WAYS]
  tried.add(`${name} ${JSON.stringify(allowed ?? {})} ${address}`)
  const before = watch.begun.length
  const said = await way(address, allowed)
  const reached = watch.begun.slice(before).filter((one) => !expected.includes(one))
  // A redirect of what is sent is its answer and leads nowhere; in a sandbox nobody listens.
  const isNowhere = expected.length > 0 && /^answered 30\d$|^SOURCE_UNREACHABLE$/.test(said)
  const isRefused = REFUSED.includes(said) || isNowhere
  if (reached.length === 0 && isRefused) return ''
  through.push(`${address} by ${name}`)
  return `${address}: ${said} ${reached}`
}

/** A server inside, which nobody may come to. */
async function counting(port?: number) {
  const counted = { port: 0, visits: 0 }
  const server = createServer((_request, response) => response.end())
  server.on('connection', () => {
    counted.visits += 1
  })
  counted.port = await listen(server, port)
  return counted
}

describe.each(Object.keys(WAYS))('by the way of %s', (name) => {
  test('no host inside is reached, whatever it is written like', async (context) => {
    if (name === 'git') needs(context, 'git', 'sandbox')
    const hosts = Object.values(HOSTILE_HOSTS).flat()
    for (const host of hosts.filter((one) => !NO_ANSWERS.test(one))) {
      expect(await attempt(name, `https://${host}/bucket/a.zip`)).toBe('')
    }
  }, 300_000)

  test('no address that is none is taken for one', async () => {
    for (const [address] of HOSTILE_URLS) expect(await attempt(name, address)).toBe('')
  })
})

test('git over ssh is refused where its address says enough', async () => {
  const { 'names that lead to them': _names, ...numbers } = HOSTILE_HOSTS
  for (const host of Object.values(numbers).flat()) {
    expect(await attempt('git', `ssh://git@${host}/a.git`)).toBe('')
    if (!/[:[]/.test(host)) expect(await attempt('git', `git@${host}:a.git`)).toBe('')
  }
})

test('git itself is kept from what only its connection shows', async (context) => {
  needs(context, 'git', 'sandbox')
  const late = { isLate: true }
  for (const host of ['127.0.0.1', '[::1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', 'localhost']) {
    expect(await attempt('git', `https://${host}/a.git`, late)).toBe('')
  }
  const keys = newKeys()
  const credential = { kind: 'git-key', privateKey: keys.private, knownHosts: `x ${keys.public}` }
  const openCredential = (async () => credential) as unknown as Allowed['openCredential']
  for (const host of ['127.0.0.1', '[::1]', 'localhost', 'loopback.test:22', 'nat64.test']) {
    const address = `ssh://git@${host}/a.git`
    expect(await attempt('git', address, { ...late, openCredential })).toBe('')
  }
  expect(await attempt('git', 'git@private.test:a.git', { ...late, openCredential })).toBe('')
}, 120_000)

/** Leads on to what is named after the status, encoded; git puts more behind its address. */
const leading: RequestListener = ({ url = '' }, response) => {
  const [, status = '404', target = ''] = /^\/(\d+)\/([\w-]+)/.exec(url) ?? []
  const location = Buffer.from(target, 'base64url').toString()
  response.writeHead(Number(status), { location, connection: 'close' }).end()
}

const STATUSES = [301, 302, 303, 307, 308]
const FOLLOWING = ['url', 'callback', 'commit status']

describe.each([...FOLLOWING, 'git'])('a redirect by the way of %s', (name) => {
  test('leads to nobody inside, whatever its kind', async (context) => {
    if (name === 'git') needs(context, 'git', 'sandbox')
    const inside = await counting()
    const own = `127.0.0.1:${await serve(leading)}`
    const allowed = { allow: [own], plainHttpHosts: [own] }
    for (const [index, target] of targetsAt(inside.port).entries()) {
      // git takes its time: one kind for each.
      for (const status of name === 'git' ? [STATUSES[index % 5] ?? 302] : STATUSES) {
        const path = Buffer.from(target).toString('base64url')
        expect(await attempt(name, `http://${own}/${status}/${path}`, allowed, [own])).toBe('')
      }
    }
    expect(inside.visits).toBe(0)
  }, 120_000)
})

test('a store that leads on is not followed, and nobody else is shown its key', async () => {
  const inside = await counting()
  let target = ''
  const headers = () => ({ location: target, connection: 'close' })
  let status = 301
  const port = await serve((_request, response) => response.writeHead(status, headers()).end())
  const own = `127.0.0.1:${port}`
  for (target of targetsAt(inside.port)) {
    for (status of STATUSES) {
      // Each is another address to try.
      const address = `s3://bucket/${status}/${Buffer.from(target).toString('base64url')}`
      const allowed = { endpoint: `http://${own}` }
      expect(await attempt('object', address, allowed, [own])).toBe('')
    }
  }
  expect(inside.visits).toBe(0)
})

function targetsAt(port: number): string[] {
  return [
    `http://127.0.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `https://[::ffff:127.0.0.1]:${port}/`,
    `https://loopback.test:${port}/`,
    'http://169.254.169.254/latest/meta-data/',
    'https://metadata.test/',
    `//127.0.0.1:${port}/`,
    'file:///etc/passwd',
    `gopher://127.0.0.1:${port}/_x`,
    `https://user:password@127.0.0.1:${port}/`,
  ]
}

describe.each(FOLLOWING)('a name bound anew, by the way of %s', (name) => {
  test.each(Object.keys(REBOUND))('is judged at each connection: %s', async (host) => {
    names.forget()
    const back = (port: number) => ({ location: `http://${host}:${port}/`, connection: 'close' })
    const port: number = await serve(
      (_request, response) => response.writeHead(name === 'url' ? 302 : 503, back(port)).end(),
      0,
      '127.0.0.2',
    )
    const inside = await counting(port)
    const allowed = { allow: ['127.0.0.2/32'] }
    const address = `http://${host}:${port}/`
    // An address leads on by itself; what is sent is sent again after its 503.
    if (name !== 'url') expect(await WAYS.callback(address, allowed)).toBe('answered 503')
    expect(await attempt(name, address, allowed, [`127.0.0.2:${port}`])).toBe('')
    expect(inside.visits).toBe(0)
  })
})

test('a name bound anew is judged at each connection of git as well', async (context) => {
  needs(context, 'git', 'sandbox', 'openssl')
  names.forget()
  const authority = makeAuthority(temporaryFolder())
  const keys = authority.issue(['rebound.test'])
  const registries = await registryAccess({ ca: authority.path })
  const asked: string[] = []
  const server = createSecureServer(keys, ({ url = '' }, response) => {
    asked.push(url)
    const location = url.replace('/first', '/second')
    response.writeHead(301, { location, connection: 'close' }).end()
  })
  const port = await listen(server, 0, '127.0.0.2')
  const inside = await counting(port)
  const address = `https://rebound.test:${port}/first`
  const allowed = { allow: ['127.0.0.2/32'], registries }
  expect(await attempt('git', address, allowed, [`127.0.0.2:${port}`])).toBe('')
  expect(asked).toEqual(['/first/info/refs?service=git-upload-pack'])
  expect(inside.visits).toBe(0)
}, 60_000)

test('no proxy of the environment is asked to find an address', async () => {
  const proxy = await counting()
  const variables = ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']
  for (const name of variables) vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`)
  vi.stubEnv('NODE_USE_ENV_PROXY', '1')
  for (const name of FOLLOWING) {
    expect(await attempt(name, 'https://private.test/proxy')).toBe('')
    expect(await attempt(name, `https://127.0.0.1:${proxy.port}/`)).toBe('')
    expect(await attempt(name, 'http://93.184.215.14/')).toBe('')
  }
  vi.unstubAllEnvs()
  expect(proxy.visits).toBe(0)
})

test('of more than five hundred none got through', () => {
  process.stdout.write(`addresses: ${tried.size} tried, ${through.length} got through\n`)
  expect(tried.size).toBeGreaterThan(500)
  expect(through).toEqual([])
})
