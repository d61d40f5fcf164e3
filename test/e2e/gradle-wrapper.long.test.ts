import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { registryAccess } from '@packline/engine'
import type { BuildReport } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { failureOf, javaRequest } from '../../packages/engine/src/runtimes/java/test/builds.ts'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { has, needs } from '../harness/needs.ts'

const MINUTES = 4 * 60_000
const run = promisify(execFile)

/** A package of npm's registry that has a current wrapper in it. */
const WITH_WRAPPER = '@react-native-community/template@0.87.2'
const WRAPPER_IN_IT = 'package/template/android/gradle/wrapper/gradle-wrapper.jar'

let engine: TestEngine
let folder: string
let wrapper: Buffer
let distribution: Buffer
let server: Server
const asked: string[] = []

beforeAll(async () => {
  if (!has('java') || !has('gradle') || !has('npm')) return
  folder = await mkdtemp(join(tmpdir(), 'packline-gradle-'))
  wrapper = await wrapperIn()
  distribution = await distributionIn()
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const isThere = request.url?.endsWith('/gradle-8.5-bin.zip')
    response.writeHead(isThere ? 200 : 404).end(isThere ? distribution : undefined)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const host = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  const registries = await registryAccess(own(), [host])
  engine = await testEngine({ registries, cacheFolder: join(folder, 'cache') })
}, MINUTES)
afterAll(async () => {
  await engine?.close()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  if (folder) await rm(folder, { recursive: true })
})
beforeEach((context) => {
  needs(context, 'java', 'gradle', 'npm')
  asked.length = 0
})

function own() {
  return JSON.parse(process.env.PACKLINE_REGISTRIES ?? '{}')
}

async function wrapperIn(): Promise<Buffer> {
  await run('npm', ['pack', '--silent', WITH_WRAPPER], { cwd: folder })
  await run('sh', ['-c', `tar -xzf *.tgz ${WRAPPER_IN_IT}`], { cwd: folder })
  return readFile(join(folder, WRAPPER_IN_IT))
}

/** The machine's own Gradle, packed as its makers pack theirs, as one that runs on Java 17. */
async function distributionIn(): Promise<Buffer> {
  const copy = 'cp -rL /usr/share/gradle gradle-8.5'
  const pack = 'jar --create --no-manifest --file gradle-8.5-bin.zip gradle-8.5'
  await run('sh', ['-c', `${copy} && ${pack}`], { cwd: folder })
  return readFile(join(folder, 'gradle-8.5-bin.zip'))
}

/** A project whose wrapper names the distribution at this path of the server. */
function project(path: string, sum?: string) {
  const { port } = server.address() as AddressInfo
  const lines = [
    'distributionBase=GRADLE_USER_HOME',
    'distributionPath=wrapper/dists',
    `distributionUrl=http\\://127.0.0.1\\:${port}${path}`,
    ...(sum === undefined ? [] : [`distributionSha256Sum=${sum}`]),
    'zipStoreBase=GRADLE_USER_HOME',
    'zipStorePath=wrapper/dists',
  ]
  return javaRequest({
    'build.gradle': "apply plugin: 'java'\n",
    'gradle/wrapper/gradle-wrapper.jar': { base64: wrapper.toString('base64') },
    'gradle/wrapper/gradle-wrapper.properties': `${lines.join('\n')}\n`,
    'src/main/java/com/example/Hello.java':
      'package com.example;\npublic class Hello { public String handle(String e) { return e; } }\n',
  })
}

/** By the report: Debian's Gradle names its home in /usr/share, wherever it was started from. */
function gradlesOf({ tools }: BuildReport): string[] {
  const gradles = tools.filter(({ name }) => /^Gradle/.test(name))
  return gradles.map(({ name, version }) => `${name} ${version}`)
}

describe("a project's wrapper", () => {
  it(
    'builds with the distribution that it names, which is fetched once',
    async () => {
      for (const asks of [1, 0]) {
        asked.length = 0
        const { outcome } = await engine.build(project('/a/gradle-8.5-bin.zip'))
        expect(outcome).toMatchObject({ status: 'succeeded', report: { findings: [] } })
        expect(gradlesOf(outcome.report)).toEqual(['Gradle wrapper 8.5'])
        expect(asked).toHaveLength(asks)
      }
    },
    MINUTES,
  )

  it(
    'takes no distribution whose sum is not the one that it names, nor another Gradle instead',
    async () => {
      const sum = createHash('sha256').update(distribution).digest('hex')
      const right = await engine.build(project('/right/gradle-8.5-bin.zip', sum))
      expect(gradlesOf(right.outcome.report)).toEqual(['Gradle wrapper 8.5'])
      expect(right.outcome.status).toBe('succeeded')
      const other = '0'.repeat(64)
      const wrong = await engine.build(project('/wrong/gradle-8.5-bin.zip', other))
      expect(failureOf(wrong)).toMatchObject({
        code: 'MANIFEST_INVALID',
        blame: 'caller',
        detail: `the distribution of Gradle 8.5 has the SHA-256 ${sum}; expected ${other}`,
      })
      expect(gradlesOf(wrong.outcome.report)).toEqual(['Gradle wrapper 8.5'])
      expect(wrong.events).not.toContainEqual(expect.objectContaining({ stage: 'gradle build' }))
    },
    MINUTES,
  )

  it(
    "gives way to the worker's own Gradle where its distribution can not be had, which is told",
    async () => {
      const { outcome, events } = await engine.build(project('/gradle-8.6-bin.zip'))
      expect(outcome.status).toBe('succeeded')
      expect(asked[0]).toBe('/gradle-8.6-bin.zip')
      const reason = 'the distribution of Gradle 8.6 could not be had: '
      expect(outcome.report.tools).toContainEqual({
        name: 'Gradle',
        version: engine.tools.gradle?.version,
        because: expect.stringMatching(
          new RegExp(`^instead of http://.*/gradle-8\\.6-bin\\.zip: ${reason}`),
        ),
      })
      const message = new RegExp(`^${reason}.*; going on with Gradle \\d`)
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'warning', message: expect.stringMatching(message) }),
      )
    },
    MINUTES,
  )

  it(
    "gives way to the worker's own Gradle where its distribution lies at no registry",
    async (context) => {
      needs(context, 'sandbox')
      const { port } = server.address() as AddressInfo
      const registries = await registryAccess(own())
      const closed = await testEngine({ registries, cacheFolder: join(folder, 'other-cache') })
      const { outcome, events } = await closed.build(project('/a/gradle-8.5-bin.zip'))
      await closed.close()
      expect(outcome.status).toBe('succeeded')
      expect(asked).toEqual([])
      expect(gradlesOf(outcome.report).at(-1)).toMatch(/^Gradle \d/)
      const refused = `it asked for 127.0.0.1:${port}, which is no registry of this worker`
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'warning', message: expect.stringContaining(refused) }),
      )
    },
    MINUTES,
  )
})
