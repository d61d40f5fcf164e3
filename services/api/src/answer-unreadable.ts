import { maxHeaderSize, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { FAILURES, failed, type PacklineError, type Problem, toFailure } from '@packline/shared'
import { requestFailures } from './texts/requests.ts'

/** How long what else the sender has is thrown away: a cut connection takes the answer with it. */
const LINGER_MS = 2000

/**
 * Of a server's `clientError`: what never became a request is answered with a problem, too, in
 * English, as its headers can not be relied on. The connection ends.
 */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  // It has its answer: this is of what came behind.
  if (socket.writableEnded && !socket.destroyed) return
  if (!socket.writable || error.code === 'ECONNRESET' || hasBegun(socket)) {
    socket.destroy()
    return
  }
  const linger = setTimeout(() => socket.destroy(), LINGER_MS).unref()
  socket.once('close', () => clearTimeout(linger)).end(answerTo(inOurWords(error)))
}

/** Node.js looks there itself; a second answer would stand in the middle of the first. */
function hasBegun(socket: Duplex): boolean {
  const { _httpMessage } = socket as { _httpMessage?: ServerResponse | null }
  return _httpMessage?.headersSent ?? false
}

function inOurWords(error: NodeJS.ErrnoException): PacklineError {
  const { code } = error
  const options = { cause: error }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return failed('HEADERS_TOO_LARGE', requestFailures.headersTooLarge(maxHeaderSize), options)
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return failed('TOO_SLOW', requestFailures.tooSlow(), options)
  }
  const said = 'reason' in error ? String(error.reason) : error.message
  return failed('INVALID_REQUEST', requestFailures.noHttp(said), options)
}

function answerTo(error: PacklineError): string {
  const { code, title, detail, hint } = toFailure(error)
  const { status } = FAILURES[code]
  const problem: Problem = {
    type: `urn:packline:failure:${code}`,
    title,
    status,
    code,
    detail,
    hint,
  }
  const body = JSON.stringify(problem)
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
