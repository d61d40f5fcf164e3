import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  type StatusServer,
  startStatusServer,
} from '../../services/worker/src/test/status-server.ts'
import { type GitServer, makeRepository, serveRepositories } from '../harness/git-server.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const TOKEN = 'canary-token-of-the-hook'
const SECRET = 'secret-of-the-deliveries'
const MANIFEST = `functions:
  good: {runtime: nodejs, handler: index.handler, path: good, build: {load: false}}
  bad: {runtime: nodejs, handler: missing.handler, path: bad, build: {load: false}}
`

let line: TestLine
let folder: string
let git: GitServer
let statuses: StatusServer
let commit: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-commit-status-'))
  git = await serveRepositories(folder)
  statuses = await startStatusServer('github', TOKEN)
  commit = await makeRepository(join(folder, 'acme/functions'), {
    'packline.yaml': MANIFEST,
    'good/index.js': 'exports.handler = async () => 1\n',
    'bad/index.js': 'exports.handler = async () => 1\n',
  })
  const environment = {
    PACKLINE_OUTBOUND_ALLOW: '127.0.0.1',
    PACKLINE_PLAIN_HTTP_HOSTS: '127.0.0.1',
    PACKLINE_BUILD_URL: 'https://packline.example/builds/{build}',
  }
  line = await startTestLine({ environment })
})
afterAll(async () => {
  await line?.stop()
  await git?.close()
  await statuses?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function hookOf(repository: string): Promise<string> {
  const status = { provider: 'github', api: statuses.api, token: TOKEN }
  const body = JSON.stringify({ provider: 'github', repository, secret: SECRET, status })
  const headers = { 'content-type': 'application/json' }
  const answer = await line.fetch('/v1/hooks', { method: 'POST', body, headers })
  const text = await answer.text()
  expect([answer.status, text]).toEqual([201, expect.not.stringContaining(TOKEN)])
  return (JSON.parse(text) as { id: string }).id
}

async function push(hook: string, repository: string): Promise<Response> {
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    before: '0'.repeat(40),
    after: commit,
    created: true,
    deleted: false,
    forced: false,
    repository: { full_name: 'acme/functions', clone_url: repository, html_url: repository },
  })
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  return line.fetch(`/hooks/${hook}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': `sha256=${signature}`,
    },
  })
}

test('a push tells its commit how each function stands, from pending to the end', async () => {
  const repository = `${git.url}/acme/functions/.git`
  const hook = await hookOf(repository)
  expect((await push(hook, repository)).status).toBe(200)
  const last = () => new Map(statuses.statuses().map(({ body }) => [body.context, body.state]))
  await vi.waitFor(
    () =>
      expect(Object.fromEntries(last())).toEqual({
        'packline/good': 'success',
        'packline/bad': 'failure',
      }),
    { timeout: 40_000, interval: 200 },
  )
  expect(statuses.wrong).toEqual([])
  const told = statuses.statuses()
  expect(told.every(({ path }) => path === `/api/repos/acme/functions/statuses/${commit}`)).toBe(
    true,
  )
  expect(told[0]?.body).toMatchObject({
    target_url: expect.stringMatching(/^https:\/\/packline\.example\/builds\/b[0-9a-z]+$/),
  })
  for (const name of ['api', 'worker-1']) expect(await line.logOf(name)).not.toContain(TOKEN)
})
