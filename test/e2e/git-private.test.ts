import { mkdtemp, rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildContext, findIsolation, readRepository, registryAccess } from '@packline/engine'
import type { Credential, CredentialQuery } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen } from '../../packages/outbound/src/test-server.ts'
import { makeAuthority } from '../harness/authority.ts'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { type GitServer, git, makeRepository, serveRepositories } from '../harness/git-server.ts'
import { needs } from '../harness/needs.ts'
import { newKeys, type SshGitServer, serveOverSsh } from '../harness/ssh-git-server.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const TOKEN = 'ghp_canary0123456789'
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')

let folder: string
let engine: TestEngine
let https: GitServer
let ssh: SshGitServer
let commit: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-git-private-'))
  const authority = makeAuthority(folder)
  engine = await testEngine({ registries: await registryAccess({ ca: authority.path }) })
  https = await serveRepositories(folder, authority.issue(['127.0.0.1']), `Basic ${BASIC}`)
  ssh = await serveOverSsh(folder)
  commit = await makeRepository(join(folder, 'app'), {
    bootstrap: '#!/bin/sh\n',
    'packline.yaml': 'functions:\n  one: {runtime: custom, handler: any}\n',
  })
  await makeRepository(join(folder, 'parts'), { 'two/bootstrap': '#!/bin/sh\n' })
  git(join(folder, 'parts'), 'config', 'uploadpack.allowFilter', 'true')
})
afterAll(async () => {
  await Promise.all([https?.close(), ssh?.close(), engine?.close()])
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** As the records open them: exactly for the server asked, and by name where one is given. */
function keeping(...kept: (Credential & { name?: string })[]) {
  const asked: CredentialQuery[] = []
  const openCredential = async (query: CredentialQuery) => {
    asked.push(query)
    return kept.find((one) => {
      const isNamed = query.name === undefined || one.name === query.name
      return (
        one.kind === query.kind &&
        'host' in one &&
        'host' in query &&
        one.host === query.host &&
        isNamed
      )
    })
  }
  return { asked, openCredential: openCredential as BuildContext['openCredential'] }
}

/** Until the test ends; gives its port. */
async function listenSecurely(keys: ServerOptions, listener: RequestListener): Promise<number> {
  return listen(createServer(keys, listener))
}

const hostOf = (url: string) => new URL(url).host
const token = (more: object = {}): Credential & { name?: string } => ({
  kind: 'git-token',
  host: hostOf(https.url),
  token: TOKEN,
  ...more,
})
const key = (more: object = {}): Credential => ({
  kind: 'git-key',
  host: `127.0.0.1:${ssh.port}`,
  privateKey: ssh.privateKey,
  knownHosts: ssh.knownHosts,
  ...more,
})

async function build(
  url: string,
  openCredential?: BuildContext['openCredential'],
  credential?: string,
  path?: string,
) {
  const made = await engine.build(
    {
      function: 'hello',
      runtime: 'custom',
      handler: 'any',
      source: { kind: 'git', url, ref: 'main', credential, path },
      build: { load: false },
    },
    { openCredential },
  )
  const { outcome } = made
  const failure = outcome.status === 'failed' ? outcome.failure : undefined
  const said = JSON.stringify([outcome.report, failure, made.events, made.log, made.pins])
  return { ...made, failure, said }
}

describe('a token', () => {
  test('opens a repository over https, for a build and for a manifest', async (context) => {
    needs(context, 'git', 'openssl')
    const { openCredential, asked } = keeping(token())
    const url = `${https.url}/app/.git`
    const made = await build(url, openCredential)
    expect(made.failure).toBeUndefined()
    expect(made.pins).toMatchObject([{ commit, url }])
    expect(made.said).not.toMatch(new RegExp(`${TOKEN}|${BASIC}`))
    expect(asked).toMatchObject([{ kind: 'git-token', host: hostOf(url) }])
    const surroundings = {
      ...engine,
      tenant: 'test',
      signal: AbortSignal.timeout(60_000),
      openCredential,
      reporter: { event: () => undefined, log: () => undefined, pin: async () => undefined },
    } as unknown as BuildContext
    const functions = { manifest: 'packline.yaml' }
    expect(await readRepository({ url, ref: 'main', functions }, surroundings)).toMatchObject({
      commit,
      functions: [{ function: 'one' }],
    })
  })

  test('opens it for the files of a folder, too, which are asked for later', async (context) => {
    needs(context, 'git', 'openssl')
    const url = `${https.url}/parts/.git`
    const asked = https.requests.length
    const made = await build(url, keeping(token()).openCredential, undefined, 'two')
    const posts = https.requests.slice(asked).filter((line) => line.startsWith('POST'))
    // What is there; the commit; its files.
    expect(posts).toHaveLength(3)
    expect(made.failure).toBeUndefined()
    expect(made.said).not.toMatch(new RegExp(`${TOKEN}|${BASIC}`))
  })

  test('is taken by name where the source gives one', async (context) => {
    needs(context, 'git', 'openssl')
    const kept = keeping(token({ token: 'other' }), token({ name: 'mine' }))
    const url = `${https.url}/app/.git`
    expect((await build(url, kept.openCredential, 'mine')).failure).toBeUndefined()
    expect((await build(url, kept.openCredential)).failure).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
    })
  })

  test('that is missing or wrong is told as a repository that is not there', async (context) => {
    needs(context, 'git', 'openssl')
    const url = `${https.url}/app/.git`
    for (const kept of [keeping(), keeping(token({ token: 'wrong-canary-1' }))]) {
      const { failure, said } = await build(url, kept.openCredential)
      expect(failure).toMatchObject({
        code: 'SOURCE_NOT_FOUND',
        hint: expect.stringContaining('PUT /v1/credentials/NAME'),
      })
      expect(said).not.toContain('wrong-canary-1')
    }
  })

  test('goes to no other server, whoever leads there and whether or not a sandbox would', async (context) => {
    needs(context, 'git', 'openssl')
    const told: unknown[] = []
    const authority = makeAuthority(temporaryFolder())
    const keys = authority.issue(['127.0.0.1'])
    const other = await listenSecurely(keys, ({ headers }, response) => {
      told.push(headers.authorization)
      response.writeHead(404).end()
    })
    const leading = await listenSecurely(keys, ({ url = '' }, response) => {
      response.writeHead(302, { location: `https://127.0.0.1:${other}${url}` }).end()
    })
    const registries = await registryAccess({ ca: authority.path })
    const isolation = await findIsolation({ unsandboxed: true })
    const unfenced = await testEngine({ registries, isolation })
    const { openCredential } = keeping(token({ host: `127.0.0.1:${leading}` }))
    const source = { kind: 'git', url: `https://127.0.0.1:${leading}/app`, ref: 'main' } as const
    const request = { function: 'hello', runtime: 'custom', handler: 'any', source } as const
    const { outcome } = await unfenced.build(request, { openCredential })
    await unfenced.close()
    expect(outcome).toMatchObject({ status: 'failed' })
    expect(told).toEqual([])
  })

  test('is not sent over plain http, not even where that is allowed', async (context) => {
    needs(context, 'git')
    const plain = await serveRepositories(folder)
    const kept = keeping(token({ host: hostOf(plain.url) }))
    expect((await build(`${plain.url}/app/.git`, kept.openCredential)).failure).toBeUndefined()
    expect(kept.asked).toEqual([])
    const { failure } = await build(`${plain.url}/app/.git`, kept.openCredential, 'mine')
    expect(failure).toMatchObject({ code: 'SOURCE_NOT_ALLOWED' })
    await plain.close()
  })
})

describe('a deploy key', () => {
  const address = () => `${ssh.url}/app/.git`

  test('opens a repository over ssh, out of the sandbox by its door', async (context) => {
    needs(context, 'git', 'ssh')
    const made = await build(address(), keeping(key()).openCredential)
    expect(made.failure).toBeUndefined()
    expect(made.pins).toMatchObject([{ commit, url: address() }])
    const secret = ssh.privateKey.split('\n')[2] ?? ''
    expect(secret.length).toBeGreaterThan(20)
    expect(made.said).not.toContain(secret)
    expect(ssh.commands).toContain("git-upload-pack '/app/.git'")
  })

  test('opens it for the files of a folder, too, which are asked for later', async (context) => {
    needs(context, 'git', 'ssh')
    const asked = ssh.commands.length
    const url = address().replace('/app/', '/parts/')
    const made = await build(url, keeping(key()).openCredential, undefined, 'two')
    expect(made.failure).toBeUndefined()
    expect(ssh.commands.length - asked).toBe(2)
  })

  test('that does not fit is told with the reason', async (context) => {
    needs(context, 'git', 'ssh')
    const other = `[127.0.0.1]:${ssh.port} ${newKeys().public}\n`
    const cases = [
      [keeping(), 'There is no deploy key for 127.0.0.1:'],
      [keeping(key({ knownHosts: undefined })), 'has no knownHosts'],
      [keeping(key({ privateKey: newKeys().private })), 'does not take the deploy key'],
      [keeping(key({ knownHosts: other })), "that the credential's knownHosts say"],
    ] as const
    for (const [kept, what] of cases) {
      const { failure } = await build(address(), kept.openCredential)
      expect(failure, what).toMatchObject({ code: 'SOURCE_NOT_ALLOWED' })
      expect(failure?.detail).toContain(what)
      expect(failure?.hint).toBeTruthy()
    }
  })

  test('a server that is away is worth another attempt', async (context) => {
    needs(context, 'git', 'ssh')
    const host = '127.0.0.1:9'
    const { openCredential } = keeping(key({ host }))
    const { failure } = await build(`ssh://git@${host}/app/.git`, openCredential)
    expect(failure).toMatchObject({ code: 'SOURCE_UNREACHABLE' })
  })
})
