import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { Dispatcher, Pool } from 'undici'
import { type Credentials, EMPTY_SHA256, requestSigner } from './sign-request.ts'
import { NoAnswerError } from './store-failure.ts'

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT'
  path: string
  headers?: Record<string, string>
  body?: Buffer | Readable
  /** Digest and length in bytes of the body. */
  payload?: { sha256: string; size: number }
  signal?: AbortSignal
}

export interface S3Answer {
  status: number
  headers: IncomingHttpHeaders
  /** The body as text, at most `answerTextMax` characters of it. */
  text: string
}

export interface S3Connection {
  /** Sends a request and reads its short answer; throws NoAnswerError or the signal's reason. */
  send(request: S3Request, answerMs?: number): Promise<S3Answer>
  /** Sends a request and leaves the body of a good answer to be read. */
  open(request: S3Request): Promise<S3Answer & { body?: Readable }>
  close(): Promise<void>
}

export interface ConnectionOptions extends Credentials {
  /** Such as `http://127.0.0.1:9000`, without a path. */
  origin: string
  /** How long the server may be silent. */
  timeoutMs: number
}

/** As many as a worker has builds in flight: a put never waits for another one. */
const connectionsMax = 64
/** Above one second undici's timers are coarse. */
const connectMs = 1_000
/** Shorter than the idle limits of the servers, so that we rarely meet a closed connection. */
const keepAliveMs = 10_000
const answerTextMax = 64 * 1024
/** The slowest transfer that is waited for: 1 KiB in a millisecond. */
const bytesPerMsMin = 1024

/**
 * Signed requests over kept connections. Nothing here tries again: see `retry.ts`. The HTTP library
 * is loaded at the first request, as a command line without a server needs none.
 */
export function s3Connection(options: ConnectionOptions): S3Connection {
  const sign = requestSigner(new URL(options.origin).host, options)
  let opening: Promise<Pool> | undefined
  const connect = () => {
    opening ??= openPool(options)
    return opening
  }

  const dispatchOptions = ({ method, path, headers, body, payload }: S3Request) => ({
    method,
    path,
    body,
    headers: {
      ...headers,
      ...(payload && { 'content-length': String(payload.size) }),
      ...sign(method, path, payload?.sha256 ?? EMPTY_SHA256),
    },
    // Without it undici closes the connection after each HEAD.
    reset: false,
  })

  return {
    async send(request, answerMs = options.timeoutMs) {
      const pool = await connect()
      const limitMs = answerMs + (request.payload?.size ?? 0) / bytesPerMsMin
      try {
        return await exchange(pool, dispatchOptions(request), limitMs, request.signal)
      } finally {
        // A body that was never asked for, as the connection failed, would keep its file open.
        if (request.body instanceof Readable) request.body.destroy()
      }
    },
    async open(request) {
      const pool = await connect()
      return openBody(pool, dispatchOptions(request), options.timeoutMs, request.signal)
    },
    close: async () => (await opening)?.destroy(),
  }
}

async function openPool({ origin, timeoutMs }: ConnectionOptions): Promise<Pool> {
  const { Pool } = await import('undici')
  return new Pool(origin, {
    connections: connectionsMax,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: connectMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: keepAliveMs,
  })
}

/** One request and its whole answer, by undici's lowest interface: this is the hot path. */
function exchange(
  pool: Pool,
  options: Dispatcher.DispatchOptions,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<S3Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<S3Answer>()
  const answer: S3Answer = { status: 0, headers: {}, text: '' }
  let running: Dispatcher.DispatchController | undefined
  let stopped: Error | undefined
  const stop = (error: Error) => {
    stopped = error
    running?.abort(error)
    reject(error)
  }
  const onAbort = () => stop(new NoAnswerError('stopped by the caller'))
  const timer = setTimeout(() => stop(silence(limitMs)), limitMs)
  signal?.addEventListener('abort', onAbort, { once: true })

  pool.dispatch(options, {
    onRequestStart(controller) {
      running = controller
      if (stopped) controller.abort(stopped)
    },
    onResponseStart(_controller, status, headers) {
      answer.status = status
      answer.headers = headers
    },
    onResponseData(_controller, chunk) {
      if (answer.text.length < answerTextMax) answer.text += chunk.toString()
    },
    onResponseEnd: () => resolve(answer),
    onResponseError: (_controller, error) => reject(stopped ?? noAnswer(error)),
  })
  if (signal?.aborted) onAbort()
  return promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  })
}

/** One request whose answer's body is handed on unread when it is a good one. */
async function openBody(
  pool: Pool,
  options: Dispatcher.DispatchOptions,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<S3Answer & { body?: Readable }> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(silence(limitMs)), limitMs)
  const signals = signal ? [signal, limit.signal] : [limit.signal]
  try {
    const answer = await pool.request({ ...options, signal: AbortSignal.any(signals) })
    const { statusCode: status, headers, body } = answer
    if (status === 200 || status === 206) return { status, headers, text: '', body }
    return { status, headers, text: await readText(body) }
  } catch (error) {
    throw error instanceof NoAnswerError ? error : noAnswer(error)
  } finally {
    clearTimeout(timer)
  }
}

/** Leaving the loop ends the body, and with it the connection. */
async function readText(body: Readable): Promise<string> {
  let text = ''
  for await (const chunk of body) {
    text += chunk
    if (text.length >= answerTextMax) break
  }
  return text
}

function silence(limitMs: number): NoAnswerError {
  return new NoAnswerError(`no answer within ${Math.round(limitMs)} ms`)
}

function noAnswer(cause: unknown): NoAnswerError {
  return new NoAnswerError('', { cause })
}
