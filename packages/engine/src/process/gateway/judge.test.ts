import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { GatewayOptions } from './gateway.ts'
import { ask, closeAll, gateway, get, listen } from './test-gateway.ts'

afterEach(closeAll)

describe('a server that the operator has not named', () => {
  async function guarded(host: string, more: Partial<GatewayOptions> = {}) {
    let visits = 0
    const port = await listen(createServer(() => visits++))
    const reach = [{ host, port, isTrusted: false }]
    return { at: `${host}:${port}`, visits: () => visits, ...(await gateway({ reach, ...more })) }
  }

  it.each(['127.0.0.1', 'localhost'])(
    'is not connected to inside, by %s, in a tunnel or in clear',
    async (host) => {
      const { at, port, lines, refused, visits } = await guarded(host)
      expect((await ask(port, at)).status).toBe('403 Forbidden')
      expect(await get(port, `http://${at}/`)).toMatchObject({ status: 403 })
      expect(lines).toEqual([`network: ${at} was refused: it is no address of the public internet`])
      expect(refused()).toEqual([at])
      expect(visits()).toBe(0)
    },
  )

  it('is judged by its number also where a proxy would connect', async () => {
    const env = { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' }
    const { at, port, visits } = await guarded('127.0.0.1', { env })
    expect((await ask(port, at)).status).toBe('403 Forbidden')
    expect(await get(port, `http://${at}/`)).toMatchObject({ status: 403 })
    expect(visits()).toBe(0)
  })

  it('is connected to where its address is allowed', async () => {
    const asked: unknown[] = []
    const allows = (destination: unknown) => asked.push(destination) > 0
    const port = await listen(createServer((socket) => socket.end('here')))
    const reach = [{ host: 'localhost', port, isTrusted: false }]
    const { port: door, lines, refused } = await gateway({ reach, allows })
    expect((await ask(door, `localhost:${port}`)).status).toBe('200 Connection established')
    expect(asked).toContainEqual({ host: 'localhost', port, address: '127.0.0.1' })
    expect([lines, refused()]).toEqual([[], []])
  })
})

describe('a command that may ask registries', () => {
  it('is told that another server is none of them, and which it was kept from is known', async () => {
    const reach = [{ host: 'registry.test', port: 443 }]
    const { port, lines, refused } = await gateway({ reach, network: 'registries' })
    const others = ['169.254.169.254:80', 'registry.test:80', '[::1]:6379', 'registry.test:4433']
    for (const authority of others) {
      expect((await ask(port, authority)).status).toBe('403 Forbidden')
    }
    for (let at = 1; at < 40; at++) await ask(port, `host.test:${at}`)
    expect(lines[0]).toBe(
      'network: 169.254.169.254:80 was refused: it is no registry of this worker',
    )
    expect(refused()).toHaveLength(20)
    expect(refused().slice(0, 4)).toEqual(others.map((one) => one.replace(/[[\]]/g, '')))
  })
})
