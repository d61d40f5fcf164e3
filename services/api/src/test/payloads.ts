import { createHmac } from 'node:crypto'
import { createRequire } from 'node:module'
import type { HookProvider } from '@packline/shared'
import { Webhook } from 'standardwebhooks'
import { GITEA_PUSH } from './pushes/gitea.ts'
import { GITEE_PUSH } from './pushes/gitee.ts'
import { GITLAB_PUSH } from './pushes/gitlab.ts'
import { HTML, PUSHED, REPOSITORY, SSH } from './pushes/pushed.ts'

export { AFTER, BEFORE, REPOSITORY } from './pushes/pushed.ts'

const require = createRequire(import.meta.url)

interface Event {
  name: string
  examples: { repository?: { clone_url?: string } }[]
}

/** GitHub's own example of a push, of another repository and other commits. */
const [GITHUB_PUSH] = (require('@octokit/webhooks-examples/api.github.com/index.json') as Event[])
  .filter(({ name }) => name === 'push')
  .flatMap(({ examples }) => examples)

export const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`

/** What each sends for a push, whole. */
export const PAYLOADS: Readonly<Record<HookProvider, Record<string, unknown>>> = {
  github: {
    ...GITHUB_PUSH,
    ...PUSHED,
    created: false,
    deleted: false,
    forced: true,
    repository: {
      ...GITHUB_PUSH?.repository,
      full_name: 'team/functions',
      html_url: HTML,
      clone_url: REPOSITORY,
      ssh_url: SSH,
    },
  },
  gitlab: GITLAB_PUSH,
  gitea: GITEA_PUSH,
  gitee: GITEE_PUSH,
  generic: { event: 'push', repository: REPOSITORY, ...PUSHED },
}

export interface Sent {
  headers: Record<string, string>
  /** Headers that stand there several times. */
  twice?: Record<string, string[]>
  body: Buffer
}

/** Signs as the provider does: by Standard Webhooks' own library, or as its documentation says. */
export function signed(
  provider: HookProvider,
  payload: unknown = PAYLOADS[provider],
  { secret = SECRET, at = new Date(), id = 'msg_1' } = {},
): Sent {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload))
  const headers = SIGN[provider]({ body, secret, at, id })
  return { headers: { 'content-type': 'application/json', ...headers }, body }
}

interface Signing {
  body: Buffer
  secret: string
  at: Date
  id: string
}

const hex = (secret: string, body: Buffer) =>
  createHmac('sha256', secret).update(body).digest('hex')

const standard = ({ body, secret, at, id }: Signing) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign(id, at, body.toString()),
})

const SIGN: Readonly<Record<HookProvider, (signing: Signing) => Record<string, string>>> = {
  github: ({ body, secret, id }) => ({
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-event': 'push',
    'x-github-delivery': id,
    'x-github-hook-id': '292430182',
    'x-github-hook-installation-target-type': 'repository',
    'x-hub-signature-256': `sha256=${hex(secret, body)}`,
  }),
  gitlab: (signing) => ({
    'user-agent': 'GitLab/18.4.0',
    'x-gitlab-event': 'Push Hook',
    'x-gitlab-instance': 'https://git.example',
    'x-gitlab-event-uuid': '13792a34-cac6-4fda-95a8-c58e00a3954e',
    ...standard(signing),
  }),
  gitea: ({ body, secret, id }) => ({
    'user-agent': 'Go-http-client/1.1',
    // It speaks as its forerunners do, too.
    'x-github-event': 'push',
    'x-github-delivery': id,
    'x-gogs-event': 'push',
    'x-gogs-delivery': id,
    'x-gitea-event': 'push',
    'x-gitea-event-type': 'push',
    'x-gitea-delivery': id,
    'x-gitea-signature': hex(secret, body),
  }),
  gitee: ({ secret, at }) => ({
    'user-agent': 'git-oschina-hook',
    'x-gitee-event': 'Push Hook',
    'x-gitee-ping': 'false',
    'x-gitee-timestamp': String(at.getTime()),
    'x-gitee-token': createHmac('sha256', secret)
      .update(`${at.getTime()}\n${secret}`)
      .digest('base64'),
  }),
  generic: standard,
}
