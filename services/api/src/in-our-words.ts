import { isDiskFull, PacklineError } from '@packline/shared'
import type { Request } from 'express'

/** What Node.js says when the sender went away before the end. */
const CUT: ReadonlySet<unknown> = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'])

/** What Express, its body parser and Node.js throw about a request, as failures of ours. */
export function inOurWords(error: unknown, request: Request): unknown {
  if (!(error instanceof Error) || error instanceof PacklineError) return error
  const type = 'type' in error ? error.type : undefined
  if (type === 'entity.too.large') {
    const limit = 'limit' in error ? ` (${error.limit} bytes)` : ''
    return new PacklineError('BODY_TOO_LARGE', `The body is larger than this path takes${limit}`, {
      hint: 'Upload archives with POST /v1/uploads and send their ids; send more, smaller batches.',
      cause: error,
    })
  }
  if (type === 'entity.parse.failed') {
    return invalid(`The body is not JSON: ${error.message}`, error, 'Send one JSON object.')
  }
  if (type === 'encoding.unsupported') {
    return invalid(error.message, error, 'Send the body as it is, without Content-Encoding.')
  }
  if (request.destroyed && CUT.has('code' in error ? error.code : undefined)) {
    return invalid('The connection ended before the whole body had come', error, 'Send it again.')
  }
  if (isDiskFull(error)) {
    const detail = 'The service has no disk space left to take it in'
    return new PacklineError('DISK_FULL', detail, { cause: error })
  }
  const status = 'status' in error ? error.status : undefined
  if (typeof status !== 'number' || status < 400 || status >= 500) return error
  return invalid(error.message, error, 'GET /openapi.json says what each path takes.')
}

function invalid(detail: string, cause: Error, hint: string): PacklineError {
  return new PacklineError('INVALID_REQUEST', detail, { hint, cause })
}
