import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type DeliveryView,
  type HookMade,
  type HookRequestInput,
  isTerminal,
  type Receipt,
} from '@packline/shared'
import type { TestLine } from './line.ts'

type Asked = Omit<HookRequestInput, 'provider'>
type Payload = Record<string, unknown>

/** A hook, and the GitHub that tells it of pushes: signed, without a key of ours. */
export interface GitHubHook extends HookMade {
  /** `told`: what differs from a push to main. */
  deliver(told: Payload, secret?: string): Promise<{ body: string; answer: Answer }>
  /** The same body again. */
  send(body: string, secret?: string): Promise<Answer>
  deliveries(): Promise<DeliveryView[]>
  /** What came of a delivery, once it was worked off. */
  workedOff(delivery: string): Promise<DeliveryView>
  /** Delivers a push and waits until it was worked off. */
  push(told: Payload): Promise<DeliveryView & { functions: string[] }>
}

interface Answer {
  status: number
  body: Receipt & { code?: string }
}

export async function makeGitHubHook(line: TestLine, asked: Asked): Promise<GitHubHook> {
  const request = JSON.stringify({ provider: 'github', ...asked })
  const response = await line.fetch('/v1/hooks', { method: 'POST', body: request })
  const hook = (await response.json()) as HookMade
  const send = (body: string, secret = hook.secret ?? '') => sendTo(line, hook, body, secret)
  const deliver: GitHubHook['deliver'] = async (told, secret) => {
    const payload = { ref: 'refs/heads/main', repository: { clone_url: asked.repository }, ...told }
    const body = JSON.stringify({ ...payload, pushed_at: randomUUID() })
    return { body, answer: await send(body, secret) }
  }
  const deliveries = async () => {
    const answer = await line.fetch(`/v1/hooks/${hook.id}/deliveries`)
    return ((await answer.json()) as { items: DeliveryView[] }).items
  }
  const workedOff = async (delivery: string) => {
    for (;;) {
      const found = (await deliveries()).find((one) => one.id === delivery)
      if (found?.state && isTerminal(found.state)) return found
      await pause(100)
    }
  }
  const push = async (told: Payload) => {
    const { status, body } = (await deliver(told)).answer
    if (body.outcome !== 'accepted') throw new Error(`${status}: ${JSON.stringify(body)}`)
    const done = await workedOff(body.delivery)
    return { ...done, functions: (done.builds ?? []).map((one) => one.function).toSorted() }
  }
  return { ...hook, deliver, send, deliveries, workedOff, push }
}

async function sendTo(
  line: TestLine,
  { deliverTo }: HookMade,
  body: string,
  secret: string,
): Promise<Answer> {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const response = await line.fetch(deliverTo, {
    method: 'POST',
    body,
    headers: {
      authorization: '',
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}
