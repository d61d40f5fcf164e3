import type { Readable } from 'node:stream'
import { FAILURES, type FailureCode, PacklineError, type Problem } from '@packline/shared'
import { Agent, type Dispatcher, request } from 'undici'

/** Answers come within this, streams of events say something at least this often. */
const ANSWER_MS = 30_000
const SILENCE_MS = 60_000

interface Asked {
  method?: 'GET' | 'POST'
  body?: string | Buffer | Readable
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** A server and a key; every answer that is not 2xx is thrown as the API's own failure. */
export interface Connection {
  ask(path: string, asked?: Asked): Promise<Dispatcher.ResponseData>
  json<T>(path: string, asked?: Asked): Promise<T>
}

export function connect({ url, key }: { url: string; key: string }): Connection {
  const dispatcher = new Agent({
    connectTimeout: 5000,
    headersTimeout: ANSWER_MS,
    bodyTimeout: SILENCE_MS,
  })
  const ask: Connection['ask'] = async (path, { headers, method = 'GET', body, signal } = {}) => {
    const all = { authorization: `Bearer ${key}`, ...headers }
    const answer = await request(new URL(path, url), {
      dispatcher,
      method,
      body,
      headers: all,
      signal,
    }).catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw unreachable(url, cause)
    })
    if (answer.statusCode < 400) return answer
    throw await failureOf(answer)
  }
  return {
    ask,
    json: async <T>(path: string, asked?: Asked) =>
      (await (await ask(path, asked)).body.json()) as T,
  }
}

function unreachable(url: string, cause: unknown): PacklineError {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
  return new PacklineError('SERVER_UNREACHABLE', `${url} does not answer: ${reason}`, {
    hint: 'Start it with npm start, or name another server.',
    cause,
  })
}

async function failureOf(answer: Dispatcher.ResponseData): Promise<PacklineError> {
  const text = await answer.body.text()
  try {
    const problem = JSON.parse(text) as Problem
    const code: FailureCode = Object.hasOwn(FAILURES, problem.code) ? problem.code : 'BUG'
    return new PacklineError(code, problem.detail, { hint: problem.hint, at: problem.at })
  } catch (cause) {
    const said = `the server answered ${answer.statusCode} without saying why`
    return new PacklineError('SERVER_UNREACHABLE', said, { cause })
  }
}
