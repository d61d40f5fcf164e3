import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort, onFreePort } from './ports.ts'

function occupy(port: number): Promise<number> {
  const server = createServer()
  onTestFinished(() => void server.close())
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}

describe('freePort', () => {
  test('is one that can be listened on', async () => {
    const port = await freePort()
    expect(await occupy(port)).toBe(port)
  })

  test('is the preferred one when nobody has it', async () => {
    const port = await freePort()
    expect(await freePort(port)).toBe(port)
  })

  test('steps over one that is taken', async () => {
    const taken = await occupy(0)
    const port = await freePort(taken)
    expect(port).toBeGreaterThan(taken)
  })
})

describe('onFreePort', () => {
  test('tries another port when somebody was quicker', async () => {
    const ports: number[] = []
    const answer = await onFreePort(async (port) => {
      ports.push(port)
      if (ports.length < 3) throw new Error('Could not create server: Address already in use')
      return 'started'
    })
    expect(answer).toBe('started')
    expect(ports).toHaveLength(3)
  })

  test('gives up after five', async () => {
    let count = 0
    const start = () => {
      count++
      return Promise.reject(new Error('Address already in use'))
    }
    await expect(onFreePort(start)).rejects.toThrow('in use')
    expect(count).toBe(5)
  })

  test('does not repeat what failed for another reason', async () => {
    let count = 0
    const start = () => {
      count++
      return Promise.reject(new Error('no such program'))
    }
    await expect(onFreePort(start)).rejects.toThrow('no such program')
    expect(count).toBe(1)
  })
})
