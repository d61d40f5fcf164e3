import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { registryAccess } from '@packline/engine'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { javaRequest } from '../../packages/engine/src/runtimes/java/test/builds.ts'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { serveModules } from '../harness/module-proxy.ts'
import { type NeedName, needs } from '../harness/needs.ts'
import { allRefused, probed, probeScript, type Target } from '../harness/probe-network.ts'

const MINUTES = 5 * 60_000

let engine: TestEngine
let api: Server
let visits = 0
let targets: Target[]

beforeAll(async () => {
  engine = await testEngine()
  api = createServer((_request, response) => response.end('reached'))
  api.on('connection', () => visits++)
  await once(api.listen(0, '0.0.0.0'), 'listening')
})
afterAll(async () => {
  await engine?.close()
  api?.closeAllConnections()
  await new Promise((resolve) => (api ? api.close(resolve) : resolve(undefined)))
})
beforeEach((context) => {
  needs(context, 'sandbox', 'bash', 'redis', 'store')
  visits = 0
  const { port } = api.address() as AddressInfo
  targets = [
    { name: 'Redis', ...placeOf(process.env.PACKLINE_TEST_REDIS_URL) },
    { name: 'MinIO', ...placeOf(process.env.PACKLINE_TEST_STORE_URL) },
    { name: 'an API', host: '127.0.0.1', port },
    { name: 'the same by its name', host: 'localhost', port },
    { name: "a cloud's metadata", host: '169.254.169.254', port: 80 },
    { name: 'a private address', host: '10.0.0.1', port: 443 },
    { name: 'a public name that is no registry', host: 'example.com', port: 443 },
  ]
})

function placeOf(url = ''): { host: string; port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

const HELLO = 'exports.handler = () => 1\n'
const PYTHON = '# -*- coding:utf-8 -*-\ndef handler(event, context):\n    return event\n'
const JAVA =
  'package com.example;\npublic class Hello { public String handle(String e) { return e; } }\n'
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>com.example</groupId><artifactId>hello</artifactId><version>1.0</version>
<build><plugins><plugin><artifactId>maven-antrun-plugin</artifactId><version>3.1.0</version>
<executions><execution><phase>compile</phase><goals><goal>run</goal></goals><configuration><target>
<exec executable="bash"><arg value="probe.sh"/></exec>
</target></configuration></execution></executions></plugin></plugins></build></project>`

interface Carrier {
  title: string
  needs: NeedName[]
  /** A source that runs probe.sh while the stage asks registries. */
  request(probe: string): BuildRequestInput
  stage: string
}

const inline = (files: Record<string, string>) => ({ kind: 'inline', files }) as const

const CARRIERS: Carrier[] = [
  {
    title: "npm's install script",
    needs: ['npm'],
    stage: 'npm install',
    request: (probe) => ({
      ...{ function: 'hello', runtime: 'nodejs', handler: 'index.handler' },
      build: { installScripts: true, load: false },
      source: inline({
        'index.js': HELLO,
        'package.json': JSON.stringify({
          dependencies: { inner: 'file:./inner' },
          scripts: { preinstall: 'bash probe.sh >&2; exit 1' },
        }),
        'inner/package.json': '{"name":"inner","version":"1.0.0"}',
        'probe.sh': probe,
      }),
    }),
  },
  {
    title: 'a setup.py that becomes a wheel',
    needs: ['python', 'pip'],
    stage: 'pip install',
    request: (probe) => ({
      ...{ function: 'hello', runtime: 'python', handler: 'index.handler' },
      build: { load: false },
      source: inline({
        'index.py': PYTHON,
        'requirements.txt': './inner\n',
        'inner/setup.py':
          "import subprocess, sys\nsubprocess.call(['bash', 'probe.sh'])\nsys.exit(1)\n",
        'inner/probe.sh': probe,
      }),
    }),
  },
  {
    title: 'a plugin that Maven runs',
    needs: ['java', 'maven'],
    stage: 'mvn package',
    request: (probe) =>
      javaRequest(
        { 'pom.xml': POM, 'src/main/java/com/example/Hello.java': JAVA, 'probe.sh': probe },
        { build: { load: false } },
      ),
  },
  {
    title: "Gradle's build script",
    needs: ['java', 'gradle'],
    stage: 'gradle build',
    request: (probe) =>
      javaRequest(
        {
          'build.gradle': "apply plugin: 'java'\nprintln(['bash', 'probe.sh'].execute().text)\n",
          'src/main/java/com/example/Hello.java': JAVA,
          'probe.sh': probe,
        },
        { build: { load: false } },
      ),
  },
]

describe.each(CARRIERS)('$title', (carrier) => {
  beforeEach((context) => needs(context, ...carrier.needs))

  test(
    'reaches nothing: seven places, each in three ways',
    async () => {
      const { outcome, log } = await engine.build(carrier.request(probeScript(targets)))
      const tries = probed(log)
      expect(tries.slice(0, 21)).toEqual(allRefused(targets))
      expect(visits).toBe(0)
      expect(outcome.report.online).toContain(carrier.stage)
      for (const { host, port } of targets) {
        const line = `network: ${host}:${port} was refused: it is no registry of this worker`
        expect(log).toContain(line)
      }
    },
    MINUTES,
  )
})

test(
  'what the operator allows is reached by the door, though it lies inside',
  async (context) => {
    needs(context, 'npm')
    const { port } = api.address() as AddressInfo
    const registries = await registryAccess(own(), [{ host: '127.0.0.1', port }])
    const allowing = await testEngine({ registries })
    const two = [2, 4].flatMap((at) => targets[at] ?? [])
    const { log } = await allowing.build(CARRIERS[0]?.request(probeScript(two)) ?? javaRequest({}))
    await allowing.close()
    expect(probed(log)).toEqual([
      `direct 127.0.0.1:${port} reached`,
      `tunnel 127.0.0.1:${port} HTTP/1.1 200 Connection established`,
      `clear 127.0.0.1:${port} HTTP/1.1 200 OK`,
      ...allRefused(two.slice(1)),
    ])
    expect(visits).toBeGreaterThan(0)
  },
  MINUTES,
)

function own() {
  return JSON.parse(process.env.PACKLINE_REGISTRIES ?? '{}')
}

describe('a dependency that no registry has', () => {
  function expectRefused({ outcome }: TestBuild, server: string) {
    if (outcome.status === 'succeeded') throw new Error('it was built')
    expect(outcome.failure).toMatchObject({ blame: 'caller' })
    expect(outcome.failure.detail).toContain(`asked for ${server}, which is no registry of this`)
    expect(outcome.failure.hint).toContain('PACKLINE_REGISTRY_HOSTS')
    expect(outcome.failure.zh?.detail).toContain(server)
    expect(outcome.failure.zh?.hint).toContain('PACKLINE_REGISTRY_HOSTS')
  }

  const nodejs = (files: Record<string, string>): BuildRequestInput => ({
    ...{ function: 'hello', runtime: 'nodejs', handler: 'index.handler' },
    build: { load: false },
    source: inline({ 'index.js': HELLO, ...files }),
  })
  const manifest = (spec: string) => JSON.stringify({ name: 'a', dependencies: { b: spec } })

  test.each([
    ['an address', 'https://files.test/b.tgz', 'files.test:443'],
    ['a git server', 'git+https://git.test/b.git', 'git.test:443'],
    ["the worker's own API", 'http://127.0.0.1:9/b.tgz', '127.0.0.1:9'],
  ])('by %s in package.json is refused, and how it is allowed is told', async (...given) => {
    const [, spec, server] = given
    expectRefused(await engine.build(nodejs({ 'package.json': manifest(spec) })), server)
  })

  test('by another host in package-lock.json is refused', async () => {
    const resolved = 'https://other.test/b/-/b-1.0.0.tgz'
    const lock = {
      ...{ name: 'a', lockfileVersion: 3 },
      packages: {
        '': { name: 'a', dependencies: { b: '1.0.0' } },
        'node_modules/b': { version: '1.0.0', resolved, integrity: `sha512-${'A'.repeat(86)}==` },
      },
    }
    const files = { 'package.json': manifest('1.0.0'), 'package-lock.json': JSON.stringify(lock) }
    expectRefused(await engine.build(nodejs(files)), 'other.test:443')
  })

  test('by an address in requirements.txt is refused', async (context) => {
    needs(context, 'python', 'pip')
    const files = {
      'index.py': PYTHON,
      'requirements.txt': 'b @ https://files.test/b-1.0.tar.gz\n',
    }
    const build = await engine.build({
      ...{ function: 'hello', runtime: 'python', handler: 'index.handler', source: inline(files) },
      build: { load: false },
    })
    expectRefused(build, 'files.test:443')
  })

  test(
    "by the address that is a Go module's path is refused, such as a cloud's metadata",
    async (context) => {
      needs(context, 'go')
      const proxy = await serveModules({})
      const settings = { ...own(), go: { proxy: `${proxy.url},direct`, sumdb: 'off' } }
      const direct = await testEngine({ registries: await registryAccess(settings) })
      const build = await direct.build({
        ...{ function: 'hello', runtime: 'go', handler: 'hello', build: { load: false } },
        source: inline({
          'go.mod': 'module example.com/hello\n\ngo 1.18\n\nrequire 169.254.169.254/meta v1.0.0\n',
          'main.go': 'package main\n\nimport _ "169.254.169.254/meta"\n\nfunc main() {}\n',
        }),
      })
      await direct.close()
      await proxy.close()
      expect(proxy.requests.length).toBeGreaterThan(0)
      expectRefused(build, '169.254.169.254:443')
    },
    MINUTES,
  )

  test(
    'from a repository of a pom is refused',
    async (context) => {
      needs(context, 'java', 'maven')
      const repository = '<repository><id>r</id><url>https://maven.test/r</url></repository>'
      const dependency =
        '<dependency><groupId>no.such</groupId><artifactId>b</artifactId><version>1</version></dependency>'
      const inside = `<repositories>${repository}</repositories><dependencies>${dependency}</dependencies>`
      const pom = POM.replace(/<build>.*<\/build>/s, inside)
      const files = { 'pom.xml': pom, 'src/main/java/com/example/Hello.java': JAVA }
      expectRefused(
        await engine.build(javaRequest(files, { build: { load: false } })),
        'maven.test:443',
      )
    },
    MINUTES,
  )
})

test('a compiler and a load have no network, and the report does not say that they had', async (context) => {
  needs(context, 'java')
  const { outcome } = await engine.build(
    javaRequest({ 'src/com/example/Hello.java': JAVA }, { build: { load: false } }),
  )
  expect(outcome).toMatchObject({ status: 'succeeded', report: { online: [] } })
})
