import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registryAccess } from '@packline/engine'
import type { BuildRequestInput, RegistrySettings } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { javaRequest } from '../../packages/engine/src/runtimes/java/test/builds.ts'
import { type Authority, makeAuthority } from '../harness/authority.ts'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { type GitServer, makeRepository, serveRepositories } from '../harness/git-server.ts'
import { type NeedName, needs } from '../harness/needs.ts'
import { MAVEN_GROUP, registryAnswers } from '../harness/registry-content.ts'
import {
  type ConnectProxy,
  REGISTRY_HOST,
  type RegistryServer,
  serveProxy,
  serveRegistries,
} from '../harness/registry-server.ts'
import { uvFor } from '../harness/uv.ts'

const PASSWORD = 'hush-hush-registry'
const TOKEN = 'npm_hush_hush_token'
const PROXY_PASSWORD = 'hush-hush-proxy'
const MINUTES = 5 * 60_000

let folder: string
let authority: Authority
let git: GitServer
let registry: RegistryServer
let proxy: ConnectProxy
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline registries-'))
  authority = makeAuthority(folder)
  await makeRepository(join(folder, 'git/app.git'), { 'index.js': 'exports.handler = () => 1\n' })
  git = await serveRepositories(join(folder, 'git'))
  const basic = Buffer.from(`me:${PASSWORD}`).toString('base64')
  registry = await serveRegistries({
    authority,
    answers: registryAnswers,
    authorizations: [`Basic ${basic}`, `Bearer ${TOKEN}`],
    gitUrl: git.url,
  })
  proxy = await serveProxy(`me:${PROXY_PASSWORD}`, registry.port)
})
afterAll(async () => {
  await Promise.all([registry?.close(), proxy?.close(), git?.close()])
  await rm(folder, { recursive: true })
})
beforeEach((context) => {
  needs(context, 'openssl', 'git')
  registry.requests.length = 0
  proxy.opened.length = 0
})

interface Case {
  tool: 'npm' | 'pip' | 'uv' | 'Go' | 'git'
  needs: NeedName[]
  /** Where the registry is, as `https://user:password@host:port`. */
  settings(registry: string): RegistrySettings
  request(plain: string): BuildRequestInput
  /** What the tool must have asked for. */
  asks: string
  refusal: string
}

const inline = (files: Record<string, string>) => ({ kind: 'inline', files }) as const
const nodejs = { function: 'hello', runtime: 'nodejs', handler: 'index.handler' } as const
const python: BuildRequestInput = {
  ...{ function: 'hello', runtime: 'python', handler: 'index.handler' },
  source: inline({
    'index.py':
      '# -*- coding:utf-8 -*-\nimport only_here\ndef handler(event, context):\n    return only_here.WORD\n',
    'requirements.txt': 'only-here==1.0.0\n',
  }),
}
const wheel = '/pypi/files/only_here-1.0.0-py3-none-any.whl'

const CASES: Case[] = [
  {
    tool: 'npm',
    needs: ['npm'],
    settings: (url) => ({ npm: { registry: `${url}/npm/` } }),
    request: () => nodejsRequest('only-here'),
    asks: '/npm/only-here/-/only-here-1.0.0.tgz',
    refusal: 'REGISTRY_UNAVAILABLE',
  },
  {
    tool: 'pip',
    needs: ['pip'],
    settings: (url) => ({ pip: { indexUrl: `${url}/pypi/simple` } }),
    request: () => python,
    asks: wheel,
    refusal: 'REGISTRY_UNAVAILABLE',
  },
  {
    tool: 'uv',
    needs: ['python'],
    settings: (url) => ({ pip: { indexUrl: `${url}/pypi/simple` } }),
    request: () => python,
    asks: wheel,
    refusal: 'REGISTRY_UNAVAILABLE',
  },
  {
    tool: 'Go',
    needs: ['go'],
    settings: (url) => ({ go: { proxy: `${url}/go`, sumdb: 'off' } }),
    request: () => ({
      ...{ function: 'hello', runtime: 'go', handler: 'hello' },
      source: inline({
        'go.mod': 'module example.com/hello\n\ngo 1.18\n\nrequire example.com/only-here v1.0.0\n',
        'main.go':
          'package main\n\nimport here "example.com/only-here"\n\nfunc main() { print(here.Word) }\n',
      }),
    }),
    asks: '/go/example.com/only-here/@v/v1.0.0.zip',
    refusal: 'REGISTRY_UNAVAILABLE',
  },
  {
    tool: 'git',
    needs: ['git'],
    settings: () => ({}),
    request: (plain) => ({ ...nodejs, source: { kind: 'git', url: `${plain}/git/app.git` } }),
    asks: '/git/app.git/git-upload-pack',
    refusal: 'SOURCE_UNREACHABLE',
  },
]

function nodejsRequest(name: string): BuildRequestInput {
  const files = {
    'index.js': `const word = require('${name}')\nexports.handler = () => word\n`,
    'package.json': JSON.stringify({ dependencies: { [name]: '1.0.0' } }),
  }
  return { ...nodejs, source: inline(files) }
}

/** An engine with caches of its own: nothing is there before it was asked for. */
async function engineWith(settings: RegistrySettings): Promise<TestEngine> {
  const cacheFolder = await mkdtemp(join(folder, 'cache-'))
  return testEngine({ registries: await registryAccess(settings), cacheFolder })
}

type Tool = Case['tool'] | 'Maven'

/** Builds with one tool; whatever happens, no password is told. */
async function build(engine: TestEngine, tool: Tool, request: BuildRequestInput) {
  if (tool === 'pip') engine.tools.uv = undefined
  const built = await engine.build({ ...request, build: { load: false } })
  expectNoSecret(built)
  return built
}

function expectNoSecret({ outcome, events, log, pins }: TestBuild): void {
  const told = JSON.stringify([outcome, events, log, pins])
  for (const secret of [PASSWORD, TOKEN, PROXY_PASSWORD]) {
    expect(told).not.toContain(secret)
    expect(told).not.toContain(Buffer.from(`me:${secret}`).toString('base64'))
  }
}

function expectBuilt({ outcome }: TestBuild): void {
  if (outcome.status === 'failed') throw new Error(JSON.stringify(outcome.failure, null, 2))
}

function failureOf({ outcome }: TestBuild) {
  if (outcome.status === 'succeeded') throw new Error('it was built')
  return outcome.failure
}

describe.each(CASES)('$tool', (one) => {
  beforeEach(async (context) => needs(context, ...one.needs))

  async function engineFor(
    context: Parameters<typeof uvFor>[0],
    settings: RegistrySettings,
  ): Promise<TestEngine> {
    const engine = await engineWith(settings)
    if (one.tool === 'uv') engine.tools.uv = await uvFor(context, engine.tools)
    return engine
  }

  const direct = () => `https://me:${PASSWORD}@127.0.0.1:${registry.port}`

  test(
    'fetches from the registry that the worker names, by its authority',
    async (context) => {
      const settings = { ...one.settings(direct()), ca: authority.path }
      const engine = await engineFor(context, settings)
      const built = await build(engine, one.tool, one.request(registry.url))
      await engine.close()
      expectBuilt(built)
      expect(registry.requests).toContain(one.asks)
    },
    MINUTES,
  )

  test(
    'refuses a registry whose authority nobody named',
    async (context) => {
      const engine = await engineFor(context, one.settings(direct()))
      const built = await build(engine, one.tool, one.request(registry.url))
      await engine.close()
      expect(failureOf(built).code).toBe(one.refusal)
      expect(failureOf(built).output?.join('\n')).toMatch(/certificate|SSL/i)
      expect(registry.requests).toEqual([])
    },
    MINUTES,
  )

  test(
    'goes through the proxy that the worker names, which wants a password',
    async (context) => {
      const settings = {
        ...one.settings(`https://me:${PASSWORD}@${REGISTRY_HOST}`),
        ca: authority.path,
        proxy: { https: `http://me:${PROXY_PASSWORD}@127.0.0.1:${proxy.port}` },
      }
      const engine = await engineFor(context, settings)
      const built = await build(engine, one.tool, one.request(`https://${REGISTRY_HOST}`))
      await engine.close()
      expectBuilt(built)
      expect(proxy.opened).toContain(`${REGISTRY_HOST}:443`)
      expect(registry.requests).toContain(one.asks)
    },
    MINUTES,
  )
})

test('Go that may fetch nothing says so, and that modules can be handed in', async (context) => {
  needs(context, 'go')
  const engine = await engineWith({ go: { proxy: 'off' } })
  const request = CASES.find(({ tool }) => tool === 'Go')?.request('')
  const built = await build(engine, 'Go', request ?? nodejsRequest(''))
  await engine.close()
  expect(failureOf(built)).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
  expect(failureOf(built).hint).toContain('go mod vendor')
})

describe('npm', () => {
  beforeEach((context) => needs(context, 'npm'))

  test('asks the registry of a scope with its token', async () => {
    const host = `//127.0.0.1:${registry.port}/npm/`
    const config = { '@corp:registry': `https:${host}`, [`${host}:_authToken`]: TOKEN }
    const engine = await engineWith({ ca: authority.path, npm: { config } })
    const built = await build(engine, 'npm', nodejsRequest('@corp/only-here'))
    await engine.close()
    expectBuilt(built)
    expect(registry.requests).toContain('/npm/@corp/only-here/-/only-here-1.0.0.tgz')
  })
})

describe('Maven', () => {
  // Maven's own plugins come from where this machine has them, once; only the library is ours.
  const cached = () => join(import.meta.dirname, '../../.local/test-cache')
  const project = (dependency: string) => ({
    'pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>com.example</groupId><artifactId>hello</artifactId><version>1.0</version>
<dependencies>${dependency}</dependencies></project>`,
    'src/main/java/com/example/Hello.java':
      'package com.example;\npublic class Hello { public String handle(String event) { return event; } }\n',
  })
  const library = `<dependency><groupId>${MAVEN_GROUP}</groupId><artifactId>only-here</artifactId>
<version>1.0.0</version></dependency>`
  const asks = `/maven/${MAVEN_GROUP.replaceAll('.', '/')}/only-here/1.0.0/only-here-1.0.0.jar`

  beforeEach((context) => needs(context, 'java', 'maven'))

  /** Builds with the library, which no cache has, then takes it out of the cache again. */
  async function buildWith(settings: RegistrySettings): Promise<TestBuild> {
    const registries = await registryAccess(settings)
    const engine = await testEngine({ registries })
    const built = await build(engine, 'Maven', javaRequest(project(library)))
    await engine.close()
    await forgetLibrary()
    return built
  }

  async function forgetLibrary(): Promise<void> {
    const { glob } = await import('node:fs/promises')
    const [top = ''] = MAVEN_GROUP.split('.')
    for await (const path of glob(`*/*/maven/${top}/packline`, { cwd: cached() })) {
      await rm(join(cached(), path), { recursive: true })
    }
  }

  beforeAll(async () => {
    const engine = await testEngine()
    await engine.build(javaRequest(project('')))
    await engine.close()
  }, MINUTES)

  const mirror = (address: string) => ({ maven: { mirror: `${address}/maven` } })

  test(
    'fetches from the mirror that the worker names, by its authority',
    async () => {
      const address = `https://me:${PASSWORD}@127.0.0.1:${registry.port}`
      const built = await buildWith({ ...mirror(address), ca: authority.path })
      expectBuilt(built)
      expect(registry.requests).toContain(asks)
    },
    MINUTES,
  )

  test(
    'refuses a mirror whose authority nobody named',
    async () => {
      const built = await buildWith(mirror(`https://me:${PASSWORD}@127.0.0.1:${registry.port}`))
      expect(failureOf(built).code).toBe('REGISTRY_UNAVAILABLE')
      expect(registry.requests).toEqual([])
    },
    MINUTES,
  )

  test(
    'goes through the proxy that the worker names, which wants a password',
    async () => {
      const built = await buildWith({
        ...mirror(`https://me:${PASSWORD}@${REGISTRY_HOST}`),
        ca: authority.path,
        proxy: { https: `http://me:${PROXY_PASSWORD}@127.0.0.1:${proxy.port}` },
      })
      expectBuilt(built)
      expect(proxy.opened).toContain(`${REGISTRY_HOST}:443`)
      expect(registry.requests).toContain(asks)
    },
    MINUTES,
  )

  test(
    'reads the settings file that the worker names, though only the worker may',
    async () => {
      const settings = join(folder, 'settings.xml')
      const server = `<server><id>near</id><username>me</username><password>${PASSWORD}</password></server>`
      const repository = `<repository><id>near</id><url>${registry.url}/maven</url></repository>`
      const profile = `<profile><id>near</id><repositories>${repository}</repositories></profile>`
      await writeFile(
        settings,
        `<settings><servers>${server}</servers><profiles>${profile}</profiles>
<activeProfiles><activeProfile>near</activeProfile></activeProfiles></settings>`,
        { mode: 0o600 },
      )
      const built = await buildWith({ ca: authority.path, maven: { settings } })
      expectBuilt(built)
      expect(registry.requests).toContain(asks)
    },
    MINUTES,
  )
})
