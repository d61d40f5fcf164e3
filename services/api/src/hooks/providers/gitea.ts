import { readPush, texts } from '../payload.ts'
import type { Provider } from '../provider.ts'
import { hmac, isHexOf } from '../signature.ts'

const ADDRESSES = ['clone_url', 'ssh_url', 'html_url']

/**
 * Gitea and Forgejo: digits alone in a header of their own, or as GitHub has them. The first header
 * that is there must be right: another one does not make up for it.
 */
export const gitea: Provider = {
  verify({ header, body }, secret) {
    const own = header('x-forgejo-signature') ?? header('x-gitea-signature')
    const hub = own === undefined ? header('x-hub-signature-256') : undefined
    const given = own ?? hub
    if (given === undefined) return undefined
    return isHexOf(hmac(secret, body), given, hub === undefined ? '' : 'sha256=') ? {} : undefined
  },
  read({ header }, payload) {
    const event = header('x-forgejo-event') ?? header('x-gitea-event') ?? header('x-github-event')
    const name = header('x-forgejo-delivery') ?? header('x-gitea-delivery')
    const repositories = texts(payload, 'repository', ADDRESSES)
    if (event === 'push') return { name, ...readPush(payload), repositories }
    return { name, event: 'other', repositories }
  },
}
