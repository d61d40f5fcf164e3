import { type DeliveryView, isTerminal, type KeyMade } from '@packline/shared'
import { PAYLOADS } from '../../../services/api/src/test/payloads.ts'
import { functionsOn } from '../../harness/functions.ts'
import { type Kept, keptInRedis } from '../../harness/kept.ts'
import type { TestLine } from '../../harness/line.ts'
import { until } from '../../harness/processes.ts'
import { ofDependencies, ofSources, type Places, thief, uploadOf, withContent } from './builds.ts'
import { type Canaries, OF_PACKAGE, OF_REQUEST } from './canaries.ts'
import { refusedRequests } from './refused.ts'

/** What was made on the way, by the parameters of paths. */
export interface Entered {
  builds: string[]
  batches: string[]
  hooks: string[]
  functions: string[]
  /** What the refused ones were answered. */
  refusals: { place: string; status: number; text: string }[]
  /** What Redis held while builds waited and ran. */
  early: Kept[]
}

/** Puts each canary into its place and waits until all builds have ended. */
export async function enterAll(line: TestLine, make: Canaries, places: Places): Promise<Entered> {
  await keepCredentials(line, make)
  await makeKeys(line, make)
  const hooks = await makeHooks(line, make)
  const refusals = await refuseAll(line, make)
  const functions = await editOnline(line, make)
  const callback = (of: string) => ({
    url: `${places.receiver}/told?key=${make.secret(`the query of a callback of ${of}`)}`,
    secret: make.signing(`the secret of a callback of ${of}`),
  })
  const { bytes, id: upload } = uploadOf(make)
  await line.fetch('/v1/uploads', { method: 'POST', body: new Uint8Array(bytes) })
  const asked = [
    thief(),
    ...withContent(make),
    ...ofDependencies(make, places),
    ...ofSources(make, places),
  ]
  const own = { runtime: 'nodejs', handler: 'index.handler', build: { load: false } } as const
  const uploaded = { function: 'uploaded', ...own, source: { kind: 'upload', upload } } as const
  const ids = await Promise.all(
    [...asked, uploaded].map(async (build) => {
      return (await line.client.submit({ ...build, callback: callback(build.function) })).id
    }),
  )
  const batch = await line.client.submitBatch({
    builds: [{ ...uploaded, function: 'in-batch' }],
    callback: callback('a batch'),
  })
  const source = { kind: 'git', url: 'https://127.0.0.1:1/a.git' } as const
  const manifest = await line.client.submitManifest({
    source,
    manifest: true,
    callback: callback('a manifest'),
  })
  const signed = `${places.receiver}/a.zip?X-Signature=${make.secret('the query of a library')}`
  const library = await line.client.addDependency({
    name: 'library',
    runtime: 'nodejs',
    source: { kind: 'url', url: signed, sha256: null },
  })
  const early = await keptInRedis(line.redisUrl)
  const drafted = await functionsOn(() => line).built('drafted', {
    callback: callback('a draft'),
    test: { event: { token: make.content('the event of a draft', OF_REQUEST) } },
  })
  const builds = [...ids, ...batch.builds, library.id, drafted.id]
  await untilEnded(line, builds)
  const retried = await line.client.retry(
    ids[asked.findIndex((one) => one.function === 'gone')] ?? '',
  )
  await untilEnded(line, [retried.id])
  const batches = [batch.id, manifest.id]
  await untilRead(line, batches, hooks)
  return { builds: [...builds, retried.id], batches, hooks, functions, refusals, early }
}

async function untilEnded(line: TestLine, ids: readonly string[]): Promise<void> {
  await until(async () => {
    const all = await Promise.all(ids.map((id) => line.client.build(id)))
    return all.every(({ state }) => isTerminal(state))
  }, 240_000)
}

/** Repositories that can not be read are tried again. */
async function untilRead(line: TestLine, batches: string[], hooks: string[]): Promise<void> {
  const states = async (hook: string) => {
    const answer = await line.fetch(`/v1/hooks/${hook}/deliveries`)
    return ((await answer.json()) as { items: DeliveryView[] }).items.map(({ state }) => state)
  }
  await until(async () => {
    const all = await Promise.all(batches.map((id) => line.client.batch(id)))
    const told = (await Promise.all(hooks.map(states))).flat()
    const isOver = told.every((state) => state === undefined || isTerminal(state))
    return isOver && all.every(({ finished }) => finished)
  }, 240_000)
}

/** One is asked with, one answered twice, and one is almost right. */
async function makeKeys(line: TestLine, make: Canaries): Promise<void> {
  const made = async (name: string, headers: Record<string, string> = {}) => {
    const body = JSON.stringify({ name, scope: 'read' })
    const answer = await line.fetch('/v1/keys', { method: 'POST', body, headers })
    return ((await answer.json()) as KeyMade).key
  }
  // Behind its id, which lists name.
  const secretOf = (key: string) => key.slice(-43)
  const key = await made('asked')
  make.known('a key that was made', secretOf(key))
  const again = { 'idempotency-key': 'a-key-once' }
  make.known('a key that was made once', secretOf(await made('once', again)))
  await made('once', again)
  const wrong = make.secret('a key that is almost right')
  for (const one of [key, key.replace(secretOf(key), wrong)]) {
    await line.fetch('/v1/builds', { headers: { authorization: `Bearer ${one}` } })
  }
}

async function keepCredentials({ client }: TestLine, make: Canaries): Promise<void> {
  const host = '127.0.0.1:1'
  await client.putCredential('git', {
    kind: 'git-token',
    host,
    username: make.secret('the user of a git token'),
    token: make.secret('a git token'),
  })
  const privateKey = make.key('a deploy key')
  const knownHosts = '[127.0.0.1]:1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==\n'
  await client.putCredential('key', { kind: 'git-key', host, privateKey, knownHosts })
  await client.putCredential('object', {
    kind: 'object',
    store: 'main',
    accessKeyId: make.secret('the id of an object key'),
    secretAccessKey: make.secret('an object key'),
  })
}

async function makeHooks(line: TestLine, make: Canaries): Promise<string[]> {
  const created = async (provider: string, more: object = {}) => {
    const asked = { provider, repository: 'https://127.0.0.1:1/team/functions.git', ...more }
    const answer = await line.fetch('/v1/hooks', { method: 'POST', body: JSON.stringify(asked) })
    return (await answer.json()) as { id: string; secret?: string }
  }
  const token = make.secret('the token of a commit status')
  const github = await created('github', { status: { provider: 'github', token } })
  make.known('the secret that a hook was given', github.secret ?? '')
  const secret = make.secret('the token of a hook of GitLab')
  const gitlab = await created('gitlab', { secret })
  await deliver(line, gitlab.id, { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': secret })
  const password = make.secret('the password of a hook of Gitee')
  const gitee = await created('gitee', { secret: password })
  const asGitee = { 'x-gitee-event': 'Push Hook', 'x-gitee-token': password }
  const told = { password: make.secret('a password in a delivery'), sign: make.secret('a sign') }
  await deliver(line, gitee.id, asGitee, told)
  const wrong = { 'x-gitlab-token': make.secret('a token that is wrong') }
  await deliver(line, gitlab.id, wrong, {}, make.secret('the query of a delivery'))
  const changes = { secret: make.secret('the secret that a hook was changed to') }
  const body = JSON.stringify(changes)
  await line.fetch(`/v1/hooks/${gitlab.id}`, { method: 'PATCH', body })
  return [github.id, gitlab.id, gitee.id]
}

async function deliver(
  line: TestLine,
  hook: string,
  headers: Record<string, string>,
  more: object = {},
  query = '',
): Promise<void> {
  const repository = 'https://127.0.0.1:1/team/functions.git'
  const project = { git_http_url: repository }
  await line.fetch(`/hooks/${hook}?token=${query}`, {
    method: 'POST',
    body: JSON.stringify({ ...PAYLOADS.gitee, project, ...more }),
    headers: { authorization: '', 'content-type': 'application/json', ...headers },
  })
}

async function refuseAll(line: TestLine, make: Canaries): Promise<Entered['refusals']> {
  const refusals: Entered['refusals'] = []
  for (const { path, ...init } of refusedRequests(make)) {
    const answer = await line.fetch(path, init)
    const place = `${init.method} ${path.split('?')[0]} #${refusals.length + 1}`
    const headers = JSON.stringify([...answer.headers])
    refusals.push({ place, status: answer.status, text: headers + (await answer.text()) })
  }
  return refusals
}

async function editOnline(line: TestLine, make: Canaries): Promise<string[]> {
  const { registered, write } = functionsOn(() => line)
  const at = [...OF_REQUEST, ...OF_PACKAGE, /^redis .*draft/, /^store (drafts|lasting)\//]
  await registered('drafted', { build: { load: false } })
  const value = make.content('a file that is edited online', at)
  await write('drafted', 'index.js', `const key = "${value}"\nexports.handler = async () => 1\n`)
  await write('drafted', '.env', `KEY=${make.content('.env that is edited online', at)}\n`)
  return ['drafted']
}
