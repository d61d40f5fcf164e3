import { createHash } from 'node:crypto'
import type { OpenHook } from '@packline/records'
import { failed, LIMITS, type PacklineError, type Receipt, toldInLanguage } from '@packline/shared'
import express, { type Request, type Response, Router } from 'express'
import { answerLanguage } from '../answer-language.ts'
import { judgeDelivery } from '../hooks/judge-delivery.ts'
import type { Payload, Received } from '../hooks/provider.ts'
import { PROVIDERS } from '../hooks/providers/registry.ts'
import { otherMethods } from '../problem.ts'
import { refuseManyValues } from '../refuse-many-values.ts'
import type { Surroundings } from '../surroundings.ts'
import { deliveryFailures } from '../texts/deliveries.ts'

declare module 'express-serve-static-core' {
  interface Locals {
    hook: OpenHook
  }
}

/** `POST /hooks/:id`: where git servers deliver. No key: the signature says who sends. */
export function receiveRoutes(surroundings: Surroundings): Router {
  const { records } = surroundings
  const router = Router()
  const raw = express.raw({ limit: LIMITS.hookBodyBytesMax, type: () => true, inflate: false })
  router
    .route('/:id')
    .post(
      // Before a body is taken in: of hooks that are not there nothing is read.
      async (request, response, next) => {
        response.locals.hook = await records.hooks.open(request.params.id)
        next()
      },
      raw,
      (request, response) => receive(request, response, surroundings),
    )
    .all(otherMethods)
  return router
}

async function receive(
  request: Request<{ id: string }>,
  response: Response,
  { records, logger }: Surroundings,
): Promise<void> {
  const { hook } = response.locals
  const received: Received = {
    header: (name) => request.get(name),
    // Without a body the parser leaves nothing there.
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    receivedAt: new Date(),
  }
  const provider = PROVIDERS[hook.provider]
  const verified = provider.verify(received, hook.secret, hook.signed)
  if (!verified) {
    const requestId = response.getHeader('X-Request-Id')
    logger.warn(
      { requestId, hook: hook.id },
      'a delivery was not signed with the secret of its hook',
    )
    throw notSigned(response)
  }
  const told = provider.read(received, payloadOf(request, received.body))
  const judged = judgeDelivery(hook, told)
  const isRefused = judged.outcome === 'refused'
  // What is refused is refused again: only what was taken counts as seen.
  const seenBy = isRefused ? '' : seenByOf(received.body, verified.covered)
  const receipt: Receipt = await records.hooks.receive(hook, { ...judged, seenBy })
  if (!isRefused) {
    response.json(toldInLanguage(receipt, answerLanguage(request, response)))
    return
  }
  const { reason = '', zh } = judged
  const words = deliveryFailures.refused({ en: reason, zh: zh?.reason ?? reason })
  throw failed('INVALID_REQUEST', words)
}

/** The delivery's id where the signature covers it; anybody may give another to the same body. */
function seenByOf(body: Buffer, covered: string | undefined): string {
  const hash = createHash('sha256')
  if (covered !== undefined) return `id ${hash.update(covered).digest('base64url')}`
  return `body ${hash.update(body).digest('base64url')}`
}

function notSigned(response: Response): PacklineError {
  response.set('WWW-Authenticate', 'Signature')
  return failed('NOT_AUTHENTICATED', deliveryFailures.notSigned())
}

function payloadOf(request: Request, body: Buffer): Payload {
  if (!/^application\/(.+\+)?json\s*(;|$)/i.test(request.get('content-type') ?? '')) {
    throw failed('INVALID_REQUEST', deliveryFailures.otherType())
  }
  refuseManyValues(body)
  const payload = parsed(body)
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) {
    return payload as Payload
  }
  throw failed('INVALID_REQUEST', deliveryFailures.noObject())
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    // Whatever it is, it is no JSON object.
    return undefined
  }
}
