import { readPush, texts } from '../payload.ts'
import type { Provider } from '../provider.ts'
import { hmac, isHexOf } from '../signature.ts'

const ADDRESSES = ['clone_url', 'ssh_url', 'git_url', 'html_url']

/** `X-Hub-Signature-256` over the body; the delivery's id is not covered by it. */
export const github: Provider = {
  verify({ header, body }, secret) {
    const given = header('x-hub-signature-256')
    return given !== undefined && isHexOf(hmac(secret, body), given, 'sha256=') ? {} : undefined
  },
  read({ header }, payload) {
    const event = header('x-github-event')
    const told = { name: header('x-github-delivery') }
    const repositories = texts(payload, 'repository', ADDRESSES)
    if (event === 'push') return { ...told, ...readPush(payload), repositories }
    return { ...told, event: event === 'ping' ? 'ping' : 'other', repositories }
  },
}
