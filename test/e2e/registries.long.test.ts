import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { type Engine, findIsolation, registryAccess } from '@packline/engine'
import type { BuildRequestInput, RegistrySettings } from '@packline/shared'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { type NeedName, needs } from '../harness/needs.ts'
import { REGISTRY_HOST } from '../harness/registry-server.ts'
import {
  expectBuilt,
  expectNoSecret,
  failureOf,
  type RegistryStandIn,
  startRegistryStandIn,
  TOKEN,
} from '../harness/registry-stand-in.ts'
import { uvFor } from '../harness/uv.ts'

const MINUTES = 5 * 60_000

let place: RegistryStandIn
afterAll(() => place?.close())
beforeEach(async (context) => {
  needs(context, 'openssl', 'git')
  place ??= await startRegistryStandIn()
  place.registry.requests.length = 0
  place.proxy.opened.length = 0
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
async function engineWith(
  settings: RegistrySettings,
  more: Partial<Engine> = {},
): Promise<TestEngine> {
  const cacheFolder = await mkdtemp(join(place.folder, 'cache-'))
  return testEngine({ registries: await registryAccess(settings), cacheFolder, ...more })
}

/** Builds with one tool; whatever happens, no password is told. */
async function build(engine: TestEngine, tool: Case['tool'], request: BuildRequestInput) {
  if (tool === 'pip') engine.tools.uv = undefined
  const built = await engine.build({ ...request, build: { load: false } })
  expectNoSecret(built)
  return built
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

  test(
    'fetches from the registry that the worker names, by its authority',
    async (context) => {
      const settings = { ...one.settings(place.direct), ca: place.authority.path }
      const engine = await engineFor(context, settings)
      const built = await build(engine, one.tool, one.request(place.registry.url))
      await engine.close()
      expectBuilt(built)
      expect(place.registry.requests).toContain(one.asks)
    },
    MINUTES,
  )

  test(
    'refuses a registry whose authority nobody named',
    async (context) => {
      const engine = await engineFor(context, one.settings(place.direct))
      const built = await build(engine, one.tool, one.request(place.registry.url))
      await engine.close()
      expect(failureOf(built).code).toBe(one.refusal)
      expect(failureOf(built).output?.join('\n')).toMatch(/certificate|SSL/i)
      expect(place.registry.requests).toEqual([])
    },
    MINUTES,
  )

  test(
    'goes through the proxy that the worker names, which wants a password',
    async (context) => {
      const settings = {
        ...one.settings(place.behindProxy),
        ca: place.authority.path,
        proxy: { https: place.proxyAddress },
      }
      const engine = await engineFor(context, settings)
      const built = await build(engine, one.tool, one.request(`https://${REGISTRY_HOST}`))
      await engine.close()
      expectBuilt(built)
      expect(place.proxy.opened).toContain(`${REGISTRY_HOST}:443`)
      expect(place.registry.requests).toContain(one.asks)
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

  test('finds authorities and registry where there is no sandbox, too', async () => {
    const settings = { ca: place.authority.path, npm: { registry: `${place.direct}/npm/` } }
    const isolation = await findIsolation({ unsandboxed: true })
    const engine = await engineWith(settings, { isolation })
    const built = await build(engine, 'npm', nodejsRequest('only-here'))
    await engine.close()
    expectBuilt(built)
    expect(place.registry.requests).toContain('/npm/only-here/-/only-here-1.0.0.tgz')
  })

  test('asks the registry of a scope with its token', async () => {
    const host = `//127.0.0.1:${place.registry.port}/npm/`
    const config = { '@corp:registry': `https:${host}`, [`${host}:_authToken`]: TOKEN }
    const engine = await engineWith({ ca: place.authority.path, npm: { config } })
    const built = await build(engine, 'npm', nodejsRequest('@corp/only-here'))
    await engine.close()
    expectBuilt(built)
    expect(place.registry.requests).toContain('/npm/@corp/only-here/-/only-here-1.0.0.tgz')
  })
})
