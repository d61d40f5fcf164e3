import type { IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { makeOutbound } from './make-outbound.ts'
import { ask, serve } from './test-server.ts'

/** Redirects /STATUS/TARGET to TARGET, which is encoded; answers anything else with "end". */
async function redirector() {
  const seen: { url: string; method: string; headers: IncomingHttpHeaders }[] = []
  const port = await serve(({ url = '', method = '', headers }, response) => {
    seen.push({ url, method, headers })
    const [, status = '', target = ''] = /^\/(\d{3})\/(.*)$/.exec(url) ?? []
    if (status === '') return response.end('end')
    response.writeHead(Number(status), { location: decodeURIComponent(target) }).end('moved')
  })
  const to = (target: string, status = 302) =>
    `http://127.0.0.1:${port}/${status}/${encodeURIComponent(target)}`
  return { port, seen, to, end: `http://127.0.0.1:${port}/end` }
}

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('is followed, with its headers: %i', async (status) => {
    const { to, end, seen } = await redirector()
    const headers = { authorization: 'Bearer own', 'x-own': '1' }
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    const answer = await request(to('/end', status), ask({ headers }))
    expect(answer).toMatchObject({ status: 200, url: end })
    expect(await text(answer.body)).toBe('end')
    expect(seen.at(-1)?.headers).toMatchObject(headers)
  })

  it.each([
    'https://127.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'http://169.254.169.254/',
    'https://[::1]/',
    'https://2130706433/',
    'http://127.0.0.1:1/',
    'https://user:password@93.184.215.14/',
    'file:///etc/passwd',
    '//10.0.0.1/',
    'ftp://93.184.215.14/',
  ])('is checked as the first address was: %s', async (target) => {
    const { to, port } = await redirector()
    const { request } = makeOutbound({ allow: [`127.0.0.1:${port}`] })
    const asked = request(to(target), ask())
    await expect(asked).rejects.toMatchObject({ code: 'SOURCE_NOT_ALLOWED' })
    const error = await asked.catch((error: Error) => error)
    expect(String(error)).not.toContain('password@')
  })

  it('is followed five times, or as often as the request says', async () => {
    const { to } = await redirector()
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    const chain = (length: number) =>
      Array.from({ length }).reduce((address: string) => to(address), '/end')
    expect(await request(chain(3), ask())).toMatchObject({ status: 200 })
    expect(await request(chain(2), ask({ redirectsMax: 2 }))).toMatchObject({ status: 200 })
    await expect(request(chain(3), ask({ redirectsMax: 2 }))).rejects.toMatchObject({
      code: 'SOURCE_NOT_ALLOWED',
      message: expect.stringMatching(/leads on more than 2 times$/),
    })
    await expect(request(to('/end'), ask({ redirectsMax: 0 }))).rejects.toThrow(/more than 0 times/)
  })

  it('does not go round for ever', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(302, { location: '/' }).end(),
    )
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    await expect(request(`http://127.0.0.1:${port}/`, ask())).rejects.toThrow(/more than 5 times/)
  })

  it('takes to another origin only what can let nobody in', async () => {
    const [from, other] = [await redirector(), await redirector()]
    const secret = {
      authorization: 'a',
      cookie: 'b',
      'X-Amz-Security-Token': 'c',
      'private-token': 'd',
    }
    const headers = { ...secret, Accept: 'application/zip', 'user-agent': 'packline' }
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    await request(from.to(other.to(from.end)), ask({ headers }))
    const told = [...other.seen, ...from.seen.slice(1)].map(({ headers }) => headers)
    expect(told).toHaveLength(2)
    for (const one of told) {
      expect(one).toMatchObject({ accept: 'application/zip', 'user-agent': 'packline' })
      for (const name of Object.keys(secret)) expect(one).not.toHaveProperty(name.toLowerCase())
    }
  })

  it.each([302, 307])('of a POST is its answer: nothing is sent again (%i)', async (status) => {
    const { to, seen } = await redirector()
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    const answer = await request(to('/end', status), ask({ method: 'POST', body: 'once' }))
    answer.body.destroy()
    expect(answer.status).toBe(status)
    expect(seen).toHaveLength(1)
  })

  it('without an address is an answer', async () => {
    const port = await serve((_request, response) => response.writeHead(304).end())
    const { request } = makeOutbound({ allow: ['127.0.0.1'] })
    const answer = await request(`http://127.0.0.1:${port}/`, ask())
    expect(answer.status).toBe(304)
    answer.body.destroy()
  })
})
