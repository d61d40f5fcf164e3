import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { BuildRequestInput, BuildView } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { compileForTest } from '../../packages/engine/src/runtimes/java/test/classes.ts'
import { jarForTest } from '../../packages/engine/src/runtimes/java/test/jar.ts'
import { makeTestBucket, type TestBucket } from '../harness/bucket.ts'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'

const PROFILE = join(import.meta.dirname, '../../profiles/ctyun-functiongraph.yaml')
const HANDLER = 'com.example.Hello.handle'
const HELLO = `package com.example;
public class Hello {
  public String handle(String event) {
    return "hello " + event;
  }
}
`

let line: TestLine
let users: TestBucket
let server: Server
let place: Workplace
let jar: Buffer
let sha256: string

beforeEach((context) => needs(context, 'java'))
beforeAll(async () => {
  users = await makeTestBucket()
  server = createServer((_, response) => response.end(jar)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  place = await makeWorkplace()
  const text = await readFile(PROFILE, 'utf8')
  await place.write({
    'profile.yaml': text.replace('region: cn-default', `region: ${users.store.region}`),
  })
  line = await startTestLine({
    environment: {
      PACKLINE_PROFILE: join(place.folder, 'profile.yaml'),
      PACKLINE_OBJECT_STORES: JSON.stringify([users.store]),
      PACKLINE_OUTBOUND_ALLOW: `127.0.0.1:${portOfServer()}`,
    },
  })
  const { accessKeyId, secretAccessKey } = users.store
  const { name: store } = users.store
  const credential = { kind: 'object', store, accessKeyId, secretAccessKey } as const
  await line.client.putCredential('objects', credential)
})
afterAll(async () => {
  await line?.stop()
  server.close()
  await users.remove()
  await place?.remove()
})

function portOfServer(): number {
  return (server.address() as AddressInfo).port
}

/** Made once, where there is a JDK. */
beforeEach(async () => {
  if (jar) return
  jar = await jarForTest(compileForTest({ 'Hello.java': HELLO }))
  sha256 = createHash('sha256').update(jar).digest('hex')
  await place.write({ 'hello.jar': jar })
})

function expectPassedOn(build: BuildView): void {
  expect(build).toMatchObject({ state: 'succeeded', package: { format: 'jar', sha256 } })
}

describe('a finished JAR', () => {
  async function built(source: BuildRequestInput['source']): Promise<BuildView> {
    const request = { function: 'hello', runtime: 'java', handler: HANDLER } as const
    const { id } = await line.client.submit({ ...request, source })
    await Array.fromAsync(line.client.events(id))
    return line.client.build(id)
  }

  test('is fetched from an address and passed on as it is', async () => {
    const url = `http://127.0.0.1:${portOfServer()}/hello.jar`
    expectPassedOn(await built({ kind: 'url', url, sha256 }))
  })

  test('is read from a bucket and passed on as it is', async () => {
    expectPassedOn(await built({ kind: 'object', address: await users.put('hello.jar', jar) }))
  })
})

describe('packline submit', () => {
  const run = async (source: string, ...more: string[]) => {
    const environment = { PACKLINE_URL: line.url, PACKLINE_KEY: line.key }
    const args = ['submit', source, '--handler', HANDLER, ...more, '--wait', '--json']
    const { code, stdout, stderr } = await place.run(args, { environment })
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) })
    return JSON.parse(stdout)
  }

  test('hands a JAR in as it is', async () => {
    const { build, report } = await run('hello.jar')
    expectPassedOn(build)
    expect(report.pin).toMatchObject({ kind: 'upload' })
  })

  test('has the server fetch an object', async () => {
    const address = await users.put('team/hello.jar', jar)
    expect(address).toMatch(/^s3:/)
    const { build, report } = await run(address, '--runtime', 'java', '--name', 'from-bucket')
    expectPassedOn(build)
    expect(build.function).toBe('from-bucket')
    expect(report.pin).toMatchObject({ kind: 'object', address })
  })
})
