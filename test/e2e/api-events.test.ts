import { once } from 'node:events'
import { connect } from 'node:net'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())

function hello(name: string, changes: Partial<BuildRequestInput> = {}): BuildRequestInput {
  const source = { kind: 'inline' as const, files: { 'index.js': 'exports.handler = () => 1\n' } }
  return { function: name, runtime: 'nodejs', handler: 'index.handler', source, ...changes }
}

async function idsOf(path: string, headers: Record<string, string> = {}): Promise<number[]> {
  const response = await line.fetch(path, { headers })
  return [...(await response.text()).matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))
}

describe('a stream of events', () => {
  test('of a batch resumes by the id of the last one, and is 204 at its end', async () => {
    const builds = Array.from({ length: 5 }, (_, n) => hello(`resumed-${n}`))
    const { id } = await line.client.submitBatch({ builds })
    await Array.fromAsync(line.client.batchEvents(id))
    const path = `/v1/batches/${id}/events`
    const all = await idsOf(path)
    expect(all).toEqual(all.map((_, index) => index + 1))
    expect(await idsOf(path, { 'last-event-id': '4' })).toEqual(all.slice(4))
    expect(await idsOf(`${path}?after=6`)).toEqual(all.slice(6))
    const last = String(all.length)
    expect((await line.fetch(path, { headers: { 'last-event-id': last } })).status).toBe(204)
  })

  test('does not begin after what is no number, whatever is watched', async () => {
    const { id } = await line.client.submitBatch({ builds: [hello('numbered')] })
    const [change] = await Array.fromAsync(line.client.batchEvents(id))
    const build = `/v1/builds/${change?.build}`
    for (const path of [`${build}/events`, `${build}/log`, `/v1/batches/${id}/events`]) {
      for (const wrong of ['x', '-1', '1.5', 'NaN', '1e9']) {
        const headers = { 'last-event-id': wrong, accept: 'text/event-stream' }
        const response = await line.fetch(path, { headers })
        expect([path, wrong, response.status]).toEqual([path, wrong, 400])
        expect(await response.json()).toMatchObject({
          code: 'INVALID_REQUEST',
          at: 'Last-Event-ID',
        })
      }
    }
  })

  test('tells how a build failed in the language of its reader, as all other answers do', async () => {
    const files = { 'index.ts': 'export const handler = async () => 1\n' }
    const build = hello('typed', { source: { kind: 'inline', files } })
    const { id: batch, builds } = await line.client.submitBatch({ builds: [build] })
    await Array.fromAsync(line.client.batchEvents(batch))
    const paths = [
      `/v1/builds/${builds[0]}`,
      `/v1/builds/${builds[0]}/events`,
      '/v1/builds',
      `/v1/batches/${batch}/manifest`,
    ]
    for (const path of paths) {
      const [en, zh] = await Promise.all(
        ['en', 'zh-CN'].map(async (language) => {
          const answer = await line.fetch(path, { headers: { 'accept-language': language } })
          expect([path, answer.headers.get('content-language')]).toEqual([path, language])
          return answer.text()
        }),
      )
      expect([path, en]).toEqual([path, expect.stringMatching(/"detail":"The handler's file is/)])
      expect([path, zh]).toEqual([
        path,
        expect.stringMatching(/"detail":"执行入口的文件是 index\.js/),
      ])
      expect(zh).toMatch(/"hint":"请把 build\.bundle 设为 true/)
    }
  })

  test('of a build that waits begins at once and stays open', async () => {
    const idle = await startTestLine({ workers: 0 })
    onTestFinished(() => idle.stop())
    const { id } = await idle.client.submit(hello('waits'))
    const response = await idle.fetch(`/v1/builds/${id}/events`)
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(Buffer.from(first?.value ?? []).toString()).toMatch(/^id: 1\nevent: queued\ndata: \{/)
    await idle.client.cancel(id)
    let rest = ''
    for (let more = await reader?.read(); !more?.done; more = await reader?.read()) {
      rest += Buffer.from(more?.value ?? [])
    }
    expect(rest).toMatch(/event: cancelled\ndata: \{.*\}\n\n$/)
  })

  test('of a log carries what the tools print, as text and as events', async () => {
    const { id } = await line.client.submit(
      hello('prints', {
        source: {
          kind: 'inline',
          files: {
            'index.js': 'console.log("line of the load")\nexports.handler = () => 1\n',
          },
        },
      }),
    )
    await Array.fromAsync(line.client.events(id))
    const text = await line.client.log(id)
    expect(text).toContain('line of the load')
    const response = await line.fetch(`/v1/builds/${id}/log`, {
      headers: { accept: 'text/event-stream' },
    })
    const chunks = [...(await response.text()).matchAll(/^data: (.*)$/gm)]
    const texts = chunks.map(([, data = '']) => (JSON.parse(data) as { text: string }).text)
    expect(texts.join('')).toBe(text)
    const followed = await line.fetch(`/v1/builds/${id}/log?follow=true`)
    expect(followed.headers.get('x-build-state')).toBe('succeeded')
    expect(await followed.text()).toBe(text)
  })
})

describe('a slow reader', () => {
  test('keeps nobody waiting, and gets every event when it reads again', async () => {
    const builds = Array.from({ length: 100 }, (_, n) =>
      hello(`slowly-${n}`, { build: { load: false } }),
    )
    const { id } = await line.client.submitBatch({ builds })
    const { hostname, port } = new URL(line.url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.pause()
    const rows = [
      `GET /v1/batches/${id}/events HTTP/1.1`,
      'host: x',
      `authorization: Bearer ${line.key}`,
      'connection: close',
    ]
    socket.write(`${rows.join('\r\n')}\r\n\r\n`)
    const others = await Array.fromAsync(line.client.batchEvents(id))
    expect(others.at(-1)?.counts).toMatchObject({ total: 100, succeeded: 100 })
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.resume()
    await once(socket, 'close')
    const seen = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))
    expect(seen).toEqual(others.map(({ seq }) => seq))
  })
})

describe('a service that stops', () => {
  test('cuts the streams of its watchers and ends in time', async () => {
    const stopping = await startTestLine({ workers: 0 })
    const { id } = await stopping.client.submit(hello('watched'))
    const response = await stopping.fetch(`/v1/builds/${id}/events`)
    const reading = response.text()
    reading.catch(() => undefined)
    const started = performance.now()
    await stopping.stop()
    // With a stream left open it would have waited five seconds for it.
    expect(performance.now() - started).toBeLessThan(4000)
    await expect(reading).rejects.toThrow()
  })
})
