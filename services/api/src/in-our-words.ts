import { type FailureWords, failed, isDiskFull, PacklineError } from '@packline/shared'
import type { Request } from 'express'
import { bodyFailures } from './texts/bodies.ts'

/** What Node.js says when the sender went away before the end. */
const CUT: ReadonlySet<unknown> = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'])

/** The body's own text in what JSON.parse says: it may be a secret, and answers end up in logs. */
const EXCERPT = /, (\.{3})?".*is not valid JSON$/s

/** What Express, its body parser and Node.js throw about a request, as failures of ours. */
export function inOurWords(error: unknown, request: Request): unknown {
  if (!(error instanceof Error) || error instanceof PacklineError) return error
  const type = 'type' in error ? error.type : undefined
  if (type === 'entity.too.large') {
    const limit = 'limit' in error ? `${error.limit}` : ''
    return failed('BODY_TOO_LARGE', bodyFailures.overLimit(limit), { cause: error })
  }
  if (type === 'entity.parse.failed') {
    const said = error.message.replace(EXCERPT, '')
    return invalid(bodyFailures.noJson(said), error)
  }
  if (type === 'encoding.unsupported') {
    return invalid(bodyFailures.otherEncoding(error.message), error)
  }
  if (request.destroyed && CUT.has('code' in error ? error.code : undefined)) {
    return invalid(bodyFailures.cut(), error)
  }
  if (isDiskFull(error)) return failed('DISK_FULL', bodyFailures.diskFull(), { cause: error })
  const status = 'status' in error ? error.status : undefined
  if (typeof status !== 'number' || status < 400 || status >= 500) return error
  return invalid(bodyFailures.unreadable(error.message), error)
}

function invalid(words: FailureWords, cause: Error): PacklineError {
  return failed('INVALID_REQUEST', words, { cause })
}
