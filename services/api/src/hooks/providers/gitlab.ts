import { readPush, texts } from '../payload.ts'
import type { Provider } from '../provider.ts'
import { isSame, verifyStandard } from '../signature.ts'

const ADDRESSES = ['git_http_url', 'git_ssh_url', 'http_url', 'ssh_url', 'web_url', 'homepage']
const PUSHES = ['Push Hook', 'Tag Push Hook']

/**
 * Signed as Standard Webhooks (a hook's signing token), or `X-Gitlab-Token`, the secret itself,
 * which says nothing of the body. A signature that is there must be right.
 */
export const gitlab: Provider = {
  verify({ header, body, receivedAt }, secret, signed) {
    const signature = header('webhook-signature')
    if (signature !== undefined || signed) {
      const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')]
      const covered = verifyStandard({ id, timestamp, signature, body, receivedAt }, secret)
      return covered === undefined ? undefined : { covered }
    }
    const token = header('x-gitlab-token')
    return token !== undefined && isSame(token, secret) ? {} : undefined
  },
  read({ header }, payload) {
    const name = header('webhook-id') ?? header('x-gitlab-event-uuid')
    const repositories = [
      ...texts(payload, 'project', ADDRESSES),
      ...texts(payload, 'repository', ['git_http_url', 'git_ssh_url', 'url', 'homepage']),
    ]
    const isPush = PUSHES.includes(header('x-gitlab-event') ?? '')
    if (isPush) return { name, ...readPush(payload), repositories }
    return { name, event: 'other', repositories }
  },
}
