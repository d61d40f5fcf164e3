import { makeOutbound } from '@packline/outbound'
import {
  type BuildView,
  COMMIT_STATUS_PROVIDERS,
  type CommitStatusProvider,
} from '@packline/shared'
import { afterEach, describe, expect, test } from 'vitest'
import { type StatusServer, startStatusServer } from '../test/status-server.ts'
import { sendStatus } from './send-status.ts'
import { STATUS_PROVIDERS } from './statuses/registry.ts'

const TOKEN = 'canary-token-of-the-hook'
const COMMIT = 'c0ffee'.padEnd(40, '0')
const QUEUED = { id: 'b1', function: 'hello', state: 'queued' } as BuildView
const ENDS = {
  success: { ...QUEUED, state: 'succeeded' },
  failure: {
    ...QUEUED,
    state: 'failed',
    failure: { code: 'TIMED_OUT', title: 'The build took too long', blame: 'caller', detail: '!' },
  },
  error: {
    ...QUEUED,
    state: 'failed',
    failure: { code: 'BUG', title: 'Packline made a mistake', blame: 'platform', detail: '!' },
  },
  cancelled: { ...QUEUED, state: 'cancelled', cancelReason: 'superseded' },
} satisfies Record<string, BuildView>

let server: StatusServer
afterEach(() => server.close())

function tell(provider: CommitStatusProvider, build: BuildView, reference?: string, token = TOKEN) {
  const repository = 'https://git.example/acme/functions.git'
  const target = { hook: 'h1', provider, repository, commit: COMMIT }
  const of = { ...build, build: build.id }
  const telling = { kind: 'commit-status', target, of, reference } as const
  return sendStatus(
    telling,
    { provider, token, api: `${server.api}/` },
    {
      outbound: makeOutbound({ allow: [server.host] }),
      signal: new AbortController().signal,
      buildUrl: 'https://packline.example/builds/{build}',
    },
  )
}

describe.each(COMMIT_STATUS_PROVIDERS)('%s', (provider) => {
  test('takes every state in its documented form', async () => {
    server = await startStatusServer(provider, TOKEN)
    const first = await tell(provider, QUEUED)
    for (const build of Object.values(ENDS)) {
      expect((await tell(provider, build, first.reference)).status).toBe(201)
    }
    expect(server.wrong).toEqual([])
    expect(server.statuses()).toHaveLength(5)
  })

  test('that does not know the token says so', async () => {
    server = await startStatusServer(provider, TOKEN)
    expect((await tell(provider, QUEUED, undefined, 'another')).status).toBe(401)
    expect(server.statuses()).toEqual([])
  })
})

async function toldOf(provider: CommitStatusProvider, build: BuildView, reference?: string) {
  server = await startStatusServer(provider, TOKEN)
  await tell(provider, build, reference)
  const [call] = server.statuses()
  return call
}

describe('a state has the name', () => {
  const NAMES = {
    github: ['success', 'failure', 'error', 'error'],
    gitea: ['success', 'failure', 'error', 'error'],
    gitlab: ['success', 'failed', 'failed', 'canceled'],
    gitee: ['success', 'failure', 'failure', 'cancelled'],
  }
  test.each(COMMIT_STATUS_PROVIDERS)('that %s gives it', async (provider) => {
    server = await startStatusServer(provider, TOKEN)
    for (const build of Object.values(ENDS)) await tell(provider, build)
    const names = server.statuses().map(({ body }) => body.state ?? body.conclusion)
    expect(names).toEqual(NAMES[provider])
  })
})

describe('a status', () => {
  test('is of the function, and leads to the build', async () => {
    expect(await toldOf('github', QUEUED)).toEqual({
      method: 'POST',
      path: `/api/repos/acme/functions/statuses/${COMMIT}`,
      body: {
        state: 'pending',
        target_url: 'https://packline.example/builds/b1',
        description: 'Waits to be built',
        context: 'packline/hello',
      },
    })
  })

  test('of GitLab names the project by its whole path', async () => {
    const call = await toldOf('gitlab', QUEUED)
    expect(call?.path).toBe(`/api/projects/acme%2Ffunctions/statuses/${COMMIT}`)
  })

  test('of Gitee is a check run that is made once and then changed', async () => {
    server = await startStatusServer('gitee', TOKEN)
    const { reference } = await tell('gitee', QUEUED)
    expect(reference).toBe('4711')
    await tell('gitee', ENDS.cancelled, reference)
    expect(server.statuses()).toMatchObject([
      { method: 'POST', body: { status: 'queued', head_sha: COMMIT } },
      {
        method: 'PATCH',
        path: '/api/repos/acme/functions/check-runs/4711',
        body: { status: 'completed', conclusion: 'cancelled' },
      },
    ])
  })

  test('of a hook that has no token any more is given up', async () => {
    server = await startStatusServer('github', TOKEN)
    const target = { hook: 'h1', provider: 'github', repository: 'a', commit: COMMIT } as const
    const telling = { kind: 'commit-status', target, of: QUEUED } as const
    const outbound = makeOutbound({ allow: [] })
    const { signal } = new AbortController()
    await expect(sendStatus(telling, undefined, { outbound, signal })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

test('each provider has a default for where its API is', async () => {
  server = await startStatusServer('github', TOKEN)
  const at = (provider: CommitStatusProvider, host: string) =>
    STATUS_PROVIDERS[provider].apiOf(host)
  expect([
    at('github', 'github.com'),
    at('github', 'git.example'),
    at('gitlab', 'gitlab.com'),
    at('gitea', 'codeberg.org'),
    at('gitee', 'gitee.com'),
  ]).toEqual([
    'https://api.github.com',
    'https://git.example/api/v3',
    'https://gitlab.com/api/v4',
    'https://codeberg.org/api/v1',
    'https://gitee.com/api/v5',
  ])
})
