import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Credential } from '@packline/shared'
import { storeFromUrl } from '@packline/stores'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAuthority } from '../harness/authority.ts'
import {
  commitFiles,
  type GitServer,
  makeRepository,
  serveRepositories,
} from '../harness/git-server.ts'
import { type GitHubHook, makeGitHubHook } from '../harness/github-hook.ts'
import { everythingKept, type Kept, placesOf } from '../harness/kept.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'
import { newKeys, type SshGitServer, serveOverSsh } from '../harness/ssh-git-server.ts'

const TOKEN = 'ghp_canary0123456789-of-a-private-repository'
/** Of their kind, but they open nothing. */
const WRONG_TOKEN = 'ghp_canary9876543210-of-another-repository'
const WRONG_KEY = newKeys().private
const basicOf = (token: string) => Buffer.from(`x-access-token:${token}`).toString('base64')
const FUNCTION = { runtime: 'nodejs', handler: 'index.handler' } as const
const CODE = 'exports.handler = async () => "private"\n'

let folder: string
let https: GitServer
let ssh: SshGitServer
let line: TestLine
let head: string
const hooks: GitHubHook[] = []
/** What the API has told of builds that succeeded. */
const said: Kept[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-private-'))
  const authority = makeAuthority(folder)
  https = await serveRepositories(folder, authority.issue(['127.0.0.1']), `Basic ${basicOf(TOKEN)}`)
  ssh = await serveOverSsh(folder)
  const entry = 'runtime: nodejs, handler: index.handler'
  head = await makeRepository(join(folder, 'app'), {
    'packline.yaml': `functions:\n  a: {${entry}, path: a}\n  b: {${entry}, path: b}\n`,
    'a/index.js': CODE,
    'b/index.js': CODE,
  })
  const registries = JSON.stringify({ ca: authority.path })
  line = await startTestLine({
    environment: {
      PACKLINE_REGISTRIES: registries,
      PACKLINE_OUTBOUND_ALLOW: '127.0.0.1',
      PACKLINE_LOG_LEVEL: 'debug',
      PACKLINE_CACHE: join(folder, 'cache'),
    },
  })
})
afterAll(async () => {
  await line?.stop()
  await Promise.all([https?.close(), ssh?.close()])
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** What opens the repository over each way, what does not, and the forms it could get out in. */
const WAYS = {
  'a token': () => {
    const credential = { kind: 'git-token', host: new URL(https.url).host } as const
    return {
      url: `${https.url}/app/.git`,
      right: { ...credential, token: TOKEN } as Credential,
      wrong: { ...credential, token: WRONG_TOKEN } as Credential,
      secrets: [TOKEN, WRONG_TOKEN].flatMap((one) => [one, basicOf(one), btoa(one)]),
    }
  },
  'a deploy key': () => {
    const { privateKey, knownHosts, port, url } = ssh
    const credential = { kind: 'git-key', host: `127.0.0.1:${port}`, knownHosts } as const
    return {
      url: `${url}/app/.git`,
      right: { ...credential, privateKey } as Credential,
      wrong: { ...credential, privateKey: WRONG_KEY } as Credential,
      // Any of its lines: JSON and logs would write its line ends otherwise.
      secrets: [privateKey, WRONG_KEY].flatMap((one) => one.split('\n').filter(isSecret)),
    }
  },
}
const isSecret = (text: string) => text.length > 20 && !text.startsWith('-----')
type Way = keyof typeof WAYS
const ways = Object.keys(WAYS) as Way[]

/** Waits for a build, and keeps everything that the API says of it. */
async function packageOf(id: string): Promise<string> {
  const { client } = line
  const events = await Array.fromAsync(client.events(id))
  const build = await client.build(id)
  expect(build).toMatchObject({ state: 'succeeded', pin: { kind: 'git', commit: head } })
  const [report, log, sbom, configuration] = await Promise.all([
    client.report(id),
    client.log(id),
    client.sbom(id),
    client.configuration(id),
  ])
  const all = JSON.stringify([events, build, report, log, sbom, configuration])
  said.push([`api ${id}`, all])
  return build.package?.sha256 ?? ''
}

describe.each(ways)('a private repository that %s opens', (way) => {
  test('becomes a package in the store once the credential is kept', async (context) => {
    needs(context, 'git', 'openssl', 'ssh', 'unzip')
    const { url, right, wrong } = WAYS[way]()
    const source = { kind: 'git', url, ref: 'main', path: 'a' } as const
    const name = way.replaceAll(' ', '-')
    await line.client.putCredential(name, wrong)
    const early = await line.client.submit({ function: 'early', ...FUNCTION, source })
    const events = await Array.fromAsync(line.client.events(early.id))
    expect(events.at(-1)?.type).toBe('failed')
    await line.client.putCredential(name, right)
    const { id } = await line.client.submit({ function: 'asked', ...FUNCTION, source })
    const sha256 = await packageOf(id)
    const store = storeFromUrl(line.storeUrl)
    const found = await store.get(`packages/one/asked/${sha256}.zip`)
    const bytes = found && (await buffer(found.stream))
    await store.close()
    expect(
      createHash('sha256')
        .update(bytes ?? '')
        .digest('hex'),
    ).toBe(sha256)
  })

  test('is built by a push that its hook is told of', async (context) => {
    needs(context, 'git', 'openssl', 'ssh')
    const repository = WAYS[way]().url
    const hook = await makeGitHubHook(line, { repository })
    hooks.push(hook)
    const before = head
    head = await commitFiles(join(folder, 'app'), { 'b/index.js': `${CODE}// ${way}\n` })
    const pushed = await hook.push({ before, after: head })
    expect(pushed).toMatchObject({ state: 'succeeded', functions: ['b'], untouched: ['a'] })
    await packageOf(pushed.builds?.[0]?.build ?? '')
  })
})

test('the credential is found nowhere: Redis, store, logs, scratch, cache, nor in any answer', async (context) => {
  needs(context, 'git', 'openssl', 'ssh', 'unzip')
  expect(said).toHaveLength(4)
  const lists = hooks.map(({ id }) => `/v1/hooks/${id}/deliveries`)
  for (const path of ['/v1/credentials', '/v1/hooks', '/v1/builds', ...lists]) {
    said.push([`api ${path}`, await (await line.fetch(path)).text()])
  }
  const kept = [...(await everythingKept(line, join(folder, 'cache'))), ...said]
  const secrets = ways.flatMap((way) => WAYS[way]().secrets)
  expect(secrets.length).toBeGreaterThan(4)
  expect(placesOf(kept, ...secrets)).toEqual([])
  expect(placesOf(kept, ...hooks.map(({ secret }) => secret ?? ''))).toEqual([])
  expect(kept.filter(([place]) => place.startsWith('cache '))).not.toEqual([])
  // The search does find what is there.
  const seen = placesOf(kept, `127.0.0.1:${ssh.port}`, CODE).map((place) => place.split(' ')[0])
  expect(new Set(seen)).toEqual(new Set(['redis', 'store', 'api']))
})
