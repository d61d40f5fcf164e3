import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTestBucket, type TestBucket } from '../harness/bucket.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const PROFILE = join(import.meta.dirname, '../../profiles/ctyun-functiongraph.yaml')

let line: TestLine
let users: TestBucket
let folder: string

beforeAll(async () => {
  users = await makeTestBucket()
  folder = await mkdtemp(join(tmpdir(), 'packline-bucket-'))
  line = await startTestLine({
    environment: {
      PACKLINE_PROFILE: await profileWith(`s3://${users.bucket}/deploy`),
      PACKLINE_OBJECT_STORES: JSON.stringify([users.store]),
    },
  })
})
afterAll(async () => {
  await line.stop()
  await users.remove()
  await rm(folder, { recursive: true })
})

/** In the region of the test's store; above 1,000 bytes nothing deploys directly. */
async function profileWith(bucket: string, region = users.store.region): Promise<string> {
  const text = (await readFile(PROFILE, 'utf8'))
    .replace('region: cn-default', `region: ${region}`)
    .replace('directDeployBytesMax: 52428800', 'directDeployBytesMax: 1000')
    .replace(/^ {2}# bucket: s3:.*$/m, `  bucket: ${bucket}`)
  const path = join(folder, `${randomBytes(4).toString('hex')}.yaml`)
  await writeFile(path, text)
  return path
}

function built(noise: string) {
  const files = { 'index.js': `exports.handler = async () => "${noise}"\n` }
  return builtFrom({ kind: 'inline', files })
}

async function builtFrom(source: BuildRequestInput['source']) {
  const request = { function: 'hello', runtime: 'nodejs', handler: 'index.handler' } as const
  const { id } = await line.client.submit({ ...request, source })
  await Array.fromAsync(line.client.events(id))
  return line.client.build(id)
}

test('a package too large to be sent is deployed by its address in the deployment bucket', async () => {
  const build = await built(randomBytes(2000).toString('base64'))
  expect(build).toMatchObject({ state: 'succeeded' })
  const { sha256 = '', deployFrom } = build.package ?? {}
  const key = `deploy/one/hello/${sha256}.zip`
  expect(deployFrom).toBe(`${users.store.endpoint}/${users.bucket}/${key}`)
  const copy = await users.get(key)
  expect(createHash('sha256').update(copy).digest('hex')).toBe(sha256)
  expect((await buffer(await line.client.download(build.id))).equals(copy)).toBe(true)
  expect((await line.client.report(build.id)).package).toMatchObject({ deployFrom })
  const { create, fill } = await line.client.deployment(build.id)
  expect(create.body).toMatchObject({ code_type: 'obs', code_url: deployFrom })
  expect(fill.join()).not.toContain('code_url')
  const asSource = { kind: 'object', address: `s3://${users.bucket}/${key}` } as const
  expect(await builtFrom(asSource)).toMatchObject({ failure: { code: 'SOURCE_NOT_ALLOWED' } })
})

test('a small one lies in our own store alone', async () => {
  const before = await users.keys()
  const build = await built('small')
  expect(build).toMatchObject({ state: 'succeeded' })
  expect(build.package).not.toHaveProperty('deployFrom')
  expect(await users.keys()).toEqual(before)
})

test('a worker does not start where nothing could be deployed from its bucket, and says why', async () => {
  const lost = { PACKLINE_PROFILE: await profileWith('s3://nobodys-bucket') }
  const message = /no object store has the bucket "nobodys-bucket"\..*PACKLINE_OBJECT_STORES/
  await expect(line.addWorker('lost', lost)).rejects.toThrow(message)
  const far = { PACKLINE_PROFILE: await profileWith(`s3://${users.bucket}`, 'far-away') }
  await expect(line.addWorker('far', far)).rejects.toThrow(/functions in "far-away"/)
})
