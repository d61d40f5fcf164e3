import { flag, readPush, text } from '../payload.ts'
import type { Provider } from '../provider.ts'
import { verifyStandard } from '../signature.ts'

/**
 * Standard Webhooks, whose signature covers the delivery's id, with `{ event?, repository, ref,
 * before?, after?, forced?, created?, deleted? }`.
 */
export const generic: Provider = {
  verify({ header, body, receivedAt }, secret) {
    const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')]
    const signature = header('webhook-signature')
    const covered = verifyStandard({ id, timestamp, signature, body, receivedAt }, secret)
    return covered === undefined ? undefined : { covered }
  },
  read({ header }, payload) {
    const name = header('webhook-id')
    const repository = text(payload.repository)
    const repositories = repository === undefined ? [] : [repository]
    const event = text(payload.event) ?? 'push'
    if (event === 'ping') return { name, event, repositories }
    if (event !== 'push' && event !== 'tag') return { name, event: 'other', repositories }
    return { name, ...readPush(payload), forced: flag(payload.forced), repositories }
  },
}
