import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistrySettings } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  failureOf,
  javaRequest,
  LIBRARY,
  packageOf,
  pathsOf,
  sha256Of,
  WITH_LIBRARY,
} from '../../packages/engine/src/runtimes/java/test/builds.ts'
import { readExamples } from '../../services/start/src/examples.ts'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())
beforeEach((context) => needs(context, 'java', 'maven'))

const pom = (inside: string) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>hello</artifactId>
  <version>1.0</version>
  ${inside}
</project>
`
const dependency = (artifact: string, version: string, scope = 'compile') => `<dependency>
  <groupId>org.json</groupId><artifactId>${artifact}</artifactId>
  <version>${version}</version><scope>${scope}</scope>
</dependency>`
const MAVEN_HELLO = `package com.example;
/** 你好 */
public class Hello {
  public String handle(java.util.Map<String, Object> event) {
    return new org.json.JSONObject(event).toString();
  }
}
`

const MINUTES = 4 * 60_000
const project = (inside: string, source = MAVEN_HELLO) => ({
  'pom.xml': pom(inside),
  'src/main/java/com/example/Hello.java': source,
})

describe('a Maven project', () => {
  const json = `<dependencies>${dependency('json', '20240303')}</dependencies>`

  it(
    'becomes a ZIP of its jar and its libraries, the same bytes again',
    async () => {
      const [first, second] = [
        await engine.build(javaRequest(project(json))),
        await engine.build(javaRequest(project(json), { build: { load: false } })),
      ]
      expect(await pathsOf(first)).toEqual(['hello-1.0.jar', 'json-20240303.jar'])
      expect(first.outcome).toMatchObject({
        report: { verdict: { verdict: 'proved' }, findings: [] },
      })
      expect(await sha256Of(first)).toBe(await sha256Of(second))
      expect(first.log.join('\n')).toContain('BUILD SUCCESS')
    },
    MINUTES,
  )

  it(
    'without libraries, or with those of the compile path only, becomes one jar',
    async () => {
      const provided = `<dependencies>${dependency('json', '20240303', 'provided')}</dependencies>`
      const build = await engine.build(javaRequest(project(provided), { build: { load: false } }))
      expect(build.outcome).toMatchObject({ status: 'succeeded', package: { format: 'jar' } })
      const paths = await pathsOf(build)
      expect(paths[0]).toBe('META-INF/MANIFEST.MF')
      expect(paths).toContain('com/example/Hello.class')
      const archive = await packageOf(build)
      const manifest = (await archive.read('META-INF/MANIFEST.MF', 1e5)).toString()
      await archive.close()
      expect(manifest).not.toMatch(/Built-By|Build-Jdk|Created-By/)
    },
    MINUTES,
  )

  it(
    'of several modules takes the jar that has the handler, with what it needs',
    async () => {
      const module = (name: string, inside: string) => `<project>
      <modelVersion>4.0.0</modelVersion>
      <parent><groupId>com.example</groupId><artifactId>hello</artifactId><version>1.0</version></parent>
      <artifactId>${name}</artifactId>${inside}</project>`
      const core = `<dependencies><dependency><groupId>com.example</groupId>
      <artifactId>core</artifactId><version>1.0</version></dependency></dependencies>`
      const files = {
        'pom.xml': pom(
          '<packaging>pom</packaging><modules><module>core</module><module>app</module></modules>',
        ),
        'core/pom.xml': module('core', ''),
        'core/src/main/java/lib/Text.java': LIBRARY,
        'app/pom.xml': module('app', core),
        'app/src/main/java/com/example/Hello.java': WITH_LIBRARY,
      }
      const [first, second] = [
        await engine.build(javaRequest(files)),
        await engine.build(javaRequest(files, { build: { load: false } })),
      ]
      expect(await pathsOf(first)).toEqual(['app-1.0.jar', 'core-1.0.jar'])
      expect(first.outcome).toMatchObject({ report: { verdict: { verdict: 'proved' } } })
      expect(await sha256Of(first)).toBe(await sha256Of(second))
    },
    MINUTES,
  )

  it(
    'that does not compile fails with the lines of the compiler',
    async () => {
      const source = MAVEN_HELLO.replace('JSONObject(event)', 'JSONObjekt(event)')
      const failure = failureOf(await engine.build(javaRequest(project(json, source))))
      expect(failure).toMatchObject({
        code: 'COMPILE_FAILED',
        detail: 'src/main/java/com/example/Hello.java:5: cannot find symbol',
      })
      expect(failure.output?.join('\n')).toContain('class JSONObjekt')
    },
    MINUTES,
  )

  it(
    'with a dependency that does not exist says which',
    async () => {
      const none = `<dependencies>${dependency('no-such-json', '9.9')}</dependencies>`
      const failure = failureOf(await engine.build(javaRequest(project(none))))
      expect(failure).toMatchObject({
        code: 'DEPENDENCY_NOT_FOUND',
        detail: expect.stringContaining('org.json:no-such-json:jar:9.9'),
      })
    },
    MINUTES,
  )

  it(
    'whose pom.xml does not parse says where',
    async () => {
      const failure = failureOf(await engine.build(javaRequest(project('<dependencies>'))))
      expect(failure.code).toBe('MANIFEST_INVALID')
      expect(failure.detail).toMatch(/^pom\.xml is not a pom: .*line \d+/)
    },
    MINUTES,
  )

  it(
    'whose pom.xml says too little says what',
    async () => {
      const bare = dependency('json', '1').replace('<version>1</version>', '')
      const failure = failureOf(
        await engine.build(javaRequest(project(`<dependencies>${bare}</dependencies>`))),
      )
      expect(failure.code).toBe('MANIFEST_INVALID')
      expect(failure.detail).toContain("'dependencies.dependency.version' for org.json:json:jar")
    },
    MINUTES,
  )
})

/** A server that says 503 to all and remembers what it was asked for. */
async function awayServer() {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(503).end()
  })
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.close()
    server.closeAllConnections()
  }
  return { asked, address: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close }
}

/** One build by an engine whose worker says this about registries. */
async function buildWith(settings: RegistrySettings, files: Record<string, string>) {
  vi.stubEnv('PACKLINE_REGISTRIES', JSON.stringify(settings))
  const own = await testEngine()
  vi.unstubAllEnvs()
  try {
    return await own.build(javaRequest(files))
  } finally {
    await own.close()
  }
}

describe('what the worker says about registries', () => {
  // No cache has it, so the registry must be asked.
  const unknown = () =>
    project(`<dependencies>${dependency('json', `9.${Date.now()}`)}</dependencies>`)

  it(
    'reaches Maven as a settings file, and blames the platform for a mirror that is away',
    async () => {
      await using mirror = await awayServer()
      const folder = await mkdtemp(join(tmpdir(), 'packline-settings-'))
      const settings = join(folder, 'settings.xml')
      await writeFile(
        settings,
        `<settings><mirrors><mirror><id>near</id><mirrorOf>central</mirrorOf>
       <url>${mirror.address}/maven2</url></mirror></mirrors></settings>`,
      )
      const failure = failureOf(await buildWith({ maven: { settings } }, unknown()))
      await rm(folder, { recursive: true })
      expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', blame: 'platform' })
      expect(failure.detail).toContain(`from near (${mirror.address}/maven2)`)
      expect(mirror.asked[0]).toMatch(/^\/maven2\/.*\.pom$/)
    },
    MINUTES,
  )

  it(
    'reaches Maven as a proxy',
    async () => {
      await using proxy = await awayServer()
      const failure = failureOf(await buildWith({ proxy: { https: proxy.address } }, unknown()))
      expect(failure.code).toBe('REGISTRY_UNAVAILABLE')
      expect(proxy.asked[0]).toMatch(/:443$/)
    },
    MINUTES,
  )
})

describe('the examples', () => {
  it.each(['hello-java', 'java-with-maven'])(
    '%s is proved',
    async (name) => {
      const folder = join(import.meta.dirname, '../../examples')
      const examples = await readExamples(folder)
      const example = examples.find((one) => one.name === name)
      if (!example) throw new Error(`packline.yaml has no ${name}`)
      const { outcome } = await engine.build(example.request)
      expect(outcome).toMatchObject({
        status: 'succeeded',
        report: { verdict: { verdict: 'proved' }, findings: [] },
      })
    },
    4 * 60_000,
  )
})
