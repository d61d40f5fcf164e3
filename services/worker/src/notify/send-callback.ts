import type { DueNotice, Telling } from '@packline/records'
import { Webhook } from 'standardwebhooks'
import { post } from './post.ts'
import type { Heard, Surroundings } from './sending.ts'

type Callback = Extract<Telling, { kind: 'callback' }>

/** Signed as Standard Webhooks says; the id is the same at every attempt. */
export function sendCallback(
  { id }: Pick<DueNotice, 'id'>,
  telling: Callback,
  surroundings: Surroundings,
): Promise<Heard> {
  const body = JSON.stringify(telling.event)
  const { url, secret } = telling.open()
  const at = new Date()
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
  return post({ method: 'POST', url, headers, body }, surroundings)
}
