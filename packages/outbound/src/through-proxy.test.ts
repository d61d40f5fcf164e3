import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, type LookupFunction, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it, type TestContext } from 'vitest'
import { makeAuthority } from '../../../test/harness/authority.ts'
import { needs } from '../../../test/harness/needs.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { makeOutbound } from './make-outbound.ts'
import { ask, listen, serve } from './test-server.ts'
import { proxyHeaders } from './through-proxy.ts'

/** As a name service outside answers; the proxy leads each of them to this machine. */
const NAMES: Record<string, string[]> = {
  'packages.test': ['2606:2800:21f::1', '93.184.215.14'],
  'inside.test': ['10.1.2.3'],
  'half-inside.test': ['93.184.215.14', '10.1.2.3'],
}
const lookup: LookupFunction = (name, _options, callback) => {
  const found = NAMES[name]
  if (!found) return callback(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), [])
  const list = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  callback(null, list)
}

interface Told {
  address: string
  authorization: string | undefined
}

/** Connects whatever it is told to `port` here, but for what it refuses with a status. */
async function proxyTo(port: number, refused: Record<string, number> = {}) {
  const told: Told[] = []
  const server = createServer((_request, response) => response.writeHead(500).end())
  server.on('connect', async ({ url = '', headers }, near: Socket) => {
    told.push({ address: url, authorization: headers['proxy-authorization'] })
    const status = refused[url.replace(/:\d+$/, '')]
    if (status !== undefined) return near.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const far = connect(port, '127.0.0.1')
    await once(far, 'connect')
    near.write('HTTP/1.1 200 Connected\r\n\r\n')
    near.on('error', () => far.destroy()).pipe(far)
    far.on('error', () => near.destroy()).pipe(near)
  })
  return { at: `127.0.0.1:${await listen(server)}`, told }
}

/** A server with the certificate of `packages.test`. */
async function secure(): Promise<{ port: number; ca: string[] }> {
  const authority = makeAuthority(temporaryFolder())
  const names = ['packages.test', 'believed.test', '93.184.215.14']
  const server = createSecureServer(authority.issue(names), ({ headers }, response) => {
    response.end(`hello ${headers.host}`)
  })
  return { port: await listen(server), ca: [readFileSync(authority.path, 'utf8')] }
}

describe('a server behind a proxy', () => {
  beforeEach((context) => needs(context as TestContext, 'openssl'))

  it('is asked for by the address that was judged, and proves its name by its certificate', async () => {
    const { port, ca } = await secure()
    const proxy = await proxyTo(port)
    const proxyFor = () => new URL(`http://me:p%40ss@${proxy.at}`)
    const { request } = makeOutbound({ allow: [], lookup, ca, proxyFor })
    const { body } = await request('https://packages.test/a?b', ask())
    expect(await text(body)).toBe('hello packages.test')
    const authorization = `Basic ${Buffer.from('me:p@ss').toString('base64')}`
    expect(proxy.told).toEqual([{ address: '93.184.215.14:443', authorization }])
    const byNumber = await request('https://93.184.215.14/', ask())
    expect(await text(byNumber.body)).toBe('hello 93.184.215.14')
  })

  it('is asked for by its next address where the proxy does not reach one', async () => {
    const { port, ca } = await secure()
    const proxy = await proxyTo(port, { '93.184.215.14': 502 })
    const proxyFor = () => new URL(`http://${proxy.at}`)
    const { request } = makeOutbound({ allow: [], lookup, ca, proxyFor })
    expect(await text((await request('https://packages.test/', ask())).body)).toContain('hello')
    const told = proxy.told.map(({ address }) => address)
    expect(told).toEqual(['93.184.215.14:443', '[2606:2800:21f::1]:443'])
  })

  it.each(['inside.test', 'half-inside.test', '10.1.2.3', '[::1]', '169.254.169.254'])(
    'that lies inside is not asked for: %s',
    async (host) => {
      const proxy = await proxyTo(1)
      const proxyFor = () => new URL(`http://${proxy.at}`)
      const { request } = makeOutbound({ allow: [], lookup, proxyFor })
      const refused = { code: 'SOURCE_NOT_ALLOWED' }
      await expect(request(`https://${host}/`, ask())).rejects.toMatchObject(refused)
      expect(proxy.told).toEqual([])
    },
  )

  it('that the operator allows by name is the proxy’s to find', async () => {
    const { port, ca } = await secure()
    const proxy = await proxyTo(port)
    const proxyFor = () => new URL(`http://${proxy.at}`)
    const { request } = makeOutbound({ allow: ['believed.test'], lookup, ca, proxyFor })
    const { body } = await request('https://believed.test/', ask())
    expect(await text(body)).toBe('hello believed.test')
    expect(proxy.told.map(({ address }) => address)).toEqual(['believed.test:443'])
  })

  it('is reached directly where there is no proxy for it, and without TLS', async () => {
    const { port, ca } = await secure()
    const asked: string[] = []
    const proxyFor = ({ host }: { host: string }) => void asked.push(host)
    const here: LookupFunction = (_name, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }])
    const direct = makeOutbound({ allow: ['127.0.0.1'], lookup: here, ca, proxyFor })
    const { body } = await direct.request(`https://packages.test:${port}/`, ask())
    expect(await text(body)).toBe(`hello packages.test:${port}`)
    expect(asked).toEqual(['packages.test'])
    const plain = await serve((_request, response) => response.end('plain'))
    const broken = () => new URL('http://127.0.0.1:9')
    const { request } = makeOutbound({ allow: ['127.0.0.1'], proxyFor: broken })
    expect(await text((await request(`http://127.0.0.1:${plain}/`, ask())).body)).toBe('plain')
  })

  it('is unreachable where the proxy refuses, is away, or shows another certificate', async () => {
    const { port } = await secure()
    const refusing = await proxyTo(port, { '93.184.215.14': 407, '[2606:2800:21f::1]': 403 })
    const at = async (place: string, why: RegExp) => {
      const { request } = makeOutbound({ allow: [], lookup, proxyFor: () => new URL(place) })
      const message = expect.stringMatching(why)
      const failure = { code: 'SOURCE_UNREACHABLE', message }
      await expect(request('https://packages.test/?token=1', ask())).rejects.toMatchObject(failure)
    }
    await at(`http://${refusing.at}`, /test\/ could not be read: PROXY_ANSWERED_403$/)
    await at('http://127.0.0.1:9', /could not be read: ECONNREFUSED$/)
    const unfit = () => {
      throw new Error('no http address')
    }
    const { request } = makeOutbound({ allow: [], lookup, proxyFor: unfit })
    const failure = { code: 'SOURCE_UNREACHABLE' }
    await expect(request('https://packages.test/', ask())).rejects.toMatchObject(failure)
    const open = await proxyTo(port)
    // Nobody told to trust its authority.
    await at(`http://${open.at}`, /could not be read: [A-Z_]*(VERIFY|SELF_SIGNED|ISSUER)[A-Z_]*$/)
  })
})

it('tells a proxy user and password where its address has them, decoded', () => {
  const header = proxyHeaders(new URL('http://me:p%40ss@proxy.example'))['proxy-authorization']
  expect(header).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  expect(proxyHeaders(new URL('http://proxy.example'))).toEqual({})
})
