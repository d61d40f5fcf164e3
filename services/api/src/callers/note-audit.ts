import type { AuditLog } from '@packline/records'
import { type AuditEntry, type AuditKind, withoutKeys } from '@packline/shared'
import type { Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import type { Description } from '../descriptions/description.ts'
import { byDescription } from './by-description.ts'

interface Noting {
  audit: Pick<AuditLog, 'write'>
  logger: Pick<Logger, 'error'>
}

/**
 * Notes who did what is described as to be noted, when it went well: with the head of the answer,
 * so that also a download counts that is broken off.
 */
export function noteAudit(descriptions: readonly Description[], noting: Noting): RequestHandler {
  const rows = descriptions.flatMap((description) => {
    const [, , , { audited }] = description
    return audited ? [{ description, handler: noter(audited, noting) }] : []
  })
  return byDescription(rows)
}

function noter(kind: AuditKind, { audit, logger }: Noting): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'HEAD') {
      whenAnswered(response, () => {
        const entry = entryOf(kind, request, response)
        audit.write(response.locals.tenant, entry).catch((error: unknown) => {
          // What was done is done, and the log of the service has who did it.
          logger.error({ error, ...entry }, 'the audit log could not be written')
        })
      })
    }
    next()
  }
}

function whenAnswered(response: Response, note: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => Response
  response.writeHead = (...head: unknown[]) => {
    if (response.statusCode < 300) note()
    return writeHead(...head)
  }
}

function entryOf(
  kind: AuditKind,
  { method, originalUrl }: Request,
  response: Response,
): Omit<AuditEntry, 'id' | 'at'> {
  const { id, name } = response.locals.caller
  const [path = ''] = originalUrl.split('?')
  const made = response.getHeader('Location')
  return {
    kind,
    key: id,
    keyName: name,
    method,
    path: withoutKeys(typeof made === 'string' ? made : path),
    requestId: String(response.getHeader('X-Request-Id')),
  }
}
