import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import express from 'express'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerProblem } from './problem.ts'
import { resumeAfter, type ServerSentEvent, sendEvents } from './sse.ts'
import { serve, type TestServer } from './test/serve.ts'

type Watch = (gone: AbortSignal, after: number) => AsyncIterable<ServerSentEvent>

let watch: Watch
let mayWait: boolean
let stopping: AbortController
/** How each stream ended, as the service saw it. */
let ended: PromiseWithResolvers<void>
let server: TestServer

beforeEach(async () => {
  mayWait = true
  stopping = new AbortController()
  ended = Promise.withResolvers()
  const app = express()
  app.get('/', async (request, response) => {
    const after = resumeAfter(request)
    const manner = { stopping: stopping.signal, heartbeatMs: 30, mayWait, patienceMs: 800 }
    await sendEvents(response, (gone) => watch(gone, after), manner)
    ended.resolve()
  })
  app.use(answerProblem(pino({ level: 'silent' })))
  server = await serve(app)
})
afterEach(() => server.close())

async function* numbers(from: number, to: number): AsyncGenerator<ServerSentEvent> {
  for (let id = from; id <= to; id++) yield { id, event: 'tick', body: { id, text: 'a\nb' } }
}

/** Says nothing until its reader has gone. */
async function* silence(gone: AbortSignal): AsyncGenerator<ServerSentEvent> {
  await new Promise((resolve) => gone.addEventListener('abort', resolve, { once: true }))
}

describe('a stream of events', () => {
  test('has one message per event, on lines of its own', async () => {
    watch = () => numbers(1, 2)
    const response = await fetch(server.url)
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toBe(
      [1, 2].map((id) => `id: ${id}\nevent: tick\ndata: {"id":${id},"text":"a\\nb"}\n\n`).join(''),
    )
  })

  test('resumes after the id that the reader names', async () => {
    watch = (_gone, after) => numbers(after + 1, 5)
    const ids = async (init: RequestInit, query = '') => {
      const text = await (await fetch(`${server.url}${query}`, init)).text()
      return [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))
    }
    expect(await ids({ headers: { 'last-event-id': '3' } })).toEqual([4, 5])
    expect(await ids({ headers: { 'last-event-id': '' } })).toEqual([1, 2, 3, 4, 5])
    expect(await ids({}, '/?after=4')).toEqual([5])
    expect(await ids({ headers: { 'last-event-id': '2' } }, '/?after=4')).toEqual([3, 4, 5])
  })

  test.each(['x', '-1', '1.5', '0x10', '1e3', '9'.repeat(16), ' '])(
    'does not begin after "%s", which is no number of an event',
    async (after) => {
      const response = await fetch(`${server.url}/?after=${encodeURIComponent(after)}`)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        code: 'INVALID_REQUEST',
        at: 'Last-Event-ID',
        detail: expect.stringMatching(/expected a whole number/),
      })
    },
  )

  test('with nothing to come is 204, so that a browser stops asking', async () => {
    watch = () => numbers(1, 0)
    expect((await fetch(server.url)).status).toBe(204)
  })

  test('that fails before it began is answered with the problem', async () => {
    watch = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('lost')) }),
    })
    const response = await fetch(server.url)
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ code: 'BUG' })
  })

  test('of what has ended is answered with the problem, however late the first read fails', async () => {
    mayWait = false
    const failed = async () => {
      await wait(150)
      throw new Error('lost')
    }
    watch = () => ({ [Symbol.asyncIterator]: () => ({ next: failed }) })
    expect((await fetch(server.url)).status).toBe(500)
  })

  test('that fails later is cut, so that its reader sees that more would come', async () => {
    watch = async function* () {
      yield* numbers(1, 1)
      throw new Error('lost')
    }
    const response = await fetch(server.url)
    await expect(response.text()).rejects.toThrow()
  })

  test('begins and beats while nothing happens, and ends with its reader', async () => {
    watch = silence
    const reader = new AbortController()
    const response = await fetch(server.url, { signal: reader.signal })
    expect(response.status).toBe(200)
    let text = ''
    const reading = async () => {
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk)
        if (text.length >= 9) reader.abort()
      }
    }
    await expect(reading()).rejects.toThrow(/abort/)
    expect(text).toMatch(/^(:\n\n){3,}$/)
    await ended.promise
  })

  test('is cut where the service stops', async () => {
    watch = silence
    const response = await fetch(server.url)
    stopping.abort()
    await expect(response.text()).rejects.toThrow()
    await ended.promise
  })

  test('asked for its head alone has no body', async () => {
    watch = silence
    const response = await fetch(server.url, { method: 'HEAD' })
    expect(response.headers.get('content-type')).toMatch(/event-stream/)
    expect(await response.text()).toBe('')
    await ended.promise
  })
})

describe('a reader', () => {
  const big = 'x'.repeat(64 * 1024)

  /** Counts what was taken from the source: that is what would lie in memory. */
  function counted(): { taken: () => number; watch: Watch } {
    let taken = 0
    return {
      taken: () => taken,
      watch: async function* (gone) {
        while (!gone.aborted) yield { id: ++taken, event: 'tick', body: big }
      },
    }
  }

  async function readerWhoStops(): Promise<Socket> {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.pause()
    socket.on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    return socket
  }

  test('who takes nothing is not written to without end, and is cut', async () => {
    const source = counted()
    watch = source.watch
    const socket = await readerWhoStops()
    await ended.promise
    // The kernel keeps some MB for both ends; an unpaced writer would have passed it by far.
    expect(source.taken() * big.length).toBeLessThan(32 * 1024 * 1024)
    socket.destroy()
  })

  test('who pauses for less than the patience gets everything', async () => {
    watch = async function* () {
      for (let id = 1; id <= 200; id++) yield { id, event: 'tick', body: big }
    }
    const socket = await readerWhoStops()
    await wait(150)
    let bytes = 0
    socket.on('data', (chunk) => {
      bytes += chunk.length
    })
    socket.resume()
    await ended.promise
    await expect.poll(() => bytes).toBeGreaterThan(200 * big.length)
    socket.destroy()
  })

  test('who goes while a write waits for it ends the stream at once', async () => {
    const source = counted()
    watch = source.watch
    const socket = await readerWhoStops()
    await expect.poll(source.taken).toBeGreaterThan(1)
    socket.destroy()
    await ended.promise
  })
})
