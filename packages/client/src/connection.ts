import type { Readable } from 'node:stream'
import {
  FAILURES,
  type FailureCode,
  type Language,
  PacklineError,
  type Problem,
} from '@packline/shared'
import { Agent, type Dispatcher, request } from 'undici'

/** Answers come within this, streams of events say something at least this often. */
const ANSWER_MS = 30_000
const SILENCE_MS = 60_000
/** A problem is a few lines; what a proxy says instead may be a page. */
const PROBLEM_BYTES_MAX = 64 * 1024

interface Asked {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: string | Buffer | Readable
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** `language`: in which it is to tell what people read. */
export interface Server {
  url: string
  key: string
  language?: Language
}

/** A server and a key; every answer that is not 2xx is thrown as the API's own failure. */
export interface Connection {
  ask(path: string, asked?: Asked): Promise<Dispatcher.ResponseData>
  json<T>(path: string, asked?: Asked): Promise<T>
}

/** Idle connections keep no process alive. Throws INVALID_REQUEST for what is no http(s) URL. */
export function connect({ url, key, language = 'en' }: Server): Connection {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new PacklineError('INVALID_REQUEST', `"${url}" is no address of a server`, {
      hint: 'Give one such as http://127.0.0.1:8080.',
    })
  }
  const dispatcher = new Agent({
    connectTimeout: 5000,
    headersTimeout: ANSWER_MS,
    bodyTimeout: SILENCE_MS,
  })
  const ask: Connection['ask'] = async (path, { headers, method = 'GET', body, signal } = {}) => {
    const all = { authorization: `Bearer ${key}`, 'accept-language': language, ...headers }
    const options = { dispatcher, method, body, headers: all, signal }
    const answer = await request(new URL(path, url), options).catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw unreachable(url, cause)
    })
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer
    throw await failureOf(answer, language)
  }
  const json = async <T>(path: string, asked?: Asked) => {
    const { body } = await ask(path, asked)
    const answer = await body.json().catch((cause: unknown) => {
      asked?.signal?.throwIfAborted()
      throw unreachable(url, cause)
    })
    return answer as T
  }
  return { ask, json }
}

function unreachable(url: string, cause: unknown): PacklineError {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
  return new PacklineError('SERVER_UNREACHABLE', `${url} does not answer as it should: ${reason}`, {
    hint: 'Start it with npm start, or name another server.',
    cause,
  })
}

async function failureOf(
  answer: Dispatcher.ResponseData,
  language: Language,
): Promise<PacklineError> {
  const { statusCode } = answer
  try {
    const { code, detail, hint, at, current } = JSON.parse(await start(answer.body)) as Problem
    return new PacklineError(Object.hasOwn(FAILURES, code) ? code : codeOf(statusCode), detail, {
      hint,
      at,
      current,
      // Whoever shows it in Chinese finds it there, as with failures of our own.
      ...(language === 'zh' && { zh: { detail, hint } }),
    })
  } catch (cause) {
    const said = `The server answered ${statusCode} without saying why`
    return new PacklineError('SERVER_UNREACHABLE', said, { cause })
  }
}

/** A newer server may know failures that this client does not. */
function codeOf(status: number): FailureCode {
  return status < 500 ? 'INVALID_REQUEST' : 'SERVER_UNREACHABLE'
}

async function start(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > PROBLEM_BYTES_MAX) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
