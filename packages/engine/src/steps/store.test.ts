import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildRequest, FAILURES, toFailure } from '@packline/shared'
import { folderStore } from '@packline/stores'
import { afterAll, expect, test } from 'vitest'
import { makeTestBucket } from '../../../../test/harness/bucket.ts'
import { contextIn } from '../../../../test/harness/context.ts'
import { orderOf, treeOf } from '../../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import type { BuildContext } from '../context.ts'
import { deploymentBucket } from '../deployment-bucket.ts'
import { startJournal } from '../journal.ts'
import { openWorkbench } from '../workbench.ts'
import { store } from './store.ts'
import { zip } from './zip.ts'

const users = await makeTestBucket()
afterAll(() => users.remove())
const base = await orderOf({ runtime: 'nodejs', handler: 'index.handler' })

/** The platform takes nothing above 300 bytes directly here. */
const profile = {
  ...base.profile,
  region: users.store.region,
  limits: { ...base.profile.limits, directDeployBytesMax: 300 },
}
const order = { ...base, profile }
const SMALL = 'exports.handler = 1'
const LARGE = `exports.handler = "${createHash('sha512').update('x').digest('hex').repeat(2)}"
// ${Array.from({ length: 40 }, (_, at) => createHash('md5').update(`${at}`).digest('hex')).join()}`

const listed = { ...users.store, buckets: [users.bucket] }
const bucketAt = (endpoint = users.store.endpoint) =>
  deploymentBucket(
    {
      region: profile.region,
      deployment: profile.deployment && {
        ...profile.deployment,
        bucket: `s3://${users.bucket}/deploy/here`,
      },
    },
    [{ ...listed, endpoint }],
  )

async function stored(
  code: string,
  given: Partial<BuildContext> = {},
  type: BuildRequest['type'] = 'event',
  build: Partial<BuildRequest['build']> = {},
) {
  const folder = temporaryFolder()
  const own = folderStore({ folder: join(folder, 'store') })
  await own.prepare()
  await mkdir(join(folder, 'scratch'), { recursive: true })
  const keyOfPackage: BuildContext['keyOfPackage'] = ({ sha256 }, format) =>
    `own/${sha256}.${format}`
  const context = await contextIn(folder, { profile, store: own, keyOfPackage, ...given })
  const bench = openWorkbench(context, 10_000)
  const request = { ...order.request, type, build: { ...order.request.build, ...build } }
  const tree = treeOf({ 'index.js': code })
  const entries = tree.files.map((file) => tree.entry(file))
  const sourceMap = Buffer.from('{"version":3}')
  const made = { format: 'zip', entries, untouched: false, sourceMap } as const
  const fetched = { pin: { kind: 'inline', sha256: '' }, tree } as const
  try {
    const packed = await zip(made, fetched, request, context, bench, startJournal())
    const { package: result } = await store(packed, { ...order, request }, context)
    const read = (key: string) => readFile(join(folder, 'store', key))
    const map = result.sourceMap === undefined ? undefined : await read(result.sourceMap)
    return { result, bytes: await read(result.key), map }
  } finally {
    await bench.close()
    await given.deploymentBucket?.close()
  }
}

test('a package that only deploys from object storage is copied to where functions take it from', async () => {
  const { result, bytes } = await stored(LARGE, { deploymentBucket: bucketAt() })
  const key = `deploy/here/test/hello/${result.sha256}.zip`
  expect(result.size).toBeGreaterThan(300)
  expect(result).toMatchObject({ key: `own/${result.sha256}.zip` })
  expect(result.deployFrom).toBe(`${users.store.endpoint}/${users.bucket}/${key}`)
  expect((await users.get(key)).equals(bytes)).toBe(true)
  const again = await stored(LARGE, { deploymentBucket: bucketAt() })
  expect(again.result).toEqual({ ...result, address: again.result.address })
})

test('smaller ones and dependency packages are not, nor any without a bucket', async () => {
  const before = await users.keys()
  const { result } = await stored(SMALL, { deploymentBucket: bucketAt() })
  expect(result.size).toBeLessThanOrEqual(300)
  expect(result).not.toHaveProperty('deployFrom')
  const libraries = await stored(LARGE, { deploymentBucket: bucketAt() }, 'dependency')
  expect(libraries.result).not.toHaveProperty('deployFrom')
  expect((await stored(LARGE)).result).not.toHaveProperty('deployFrom')
  expect(await users.keys()).toEqual(before)
})

test("a bundle's source map lies beside the package, which names it, where it is asked for", async () => {
  const { result, map } = await stored(SMALL, {}, 'event', { sourceMap: true })
  expect(result.sourceMap).toMatch(/^own\/[0-9a-f]{64}\.map$/)
  expect(String(map)).toBe('{"version":3}')
  expect((await stored(SMALL)).result.sourceMap).toBeUndefined()
})

test('while its store is away the build is tried again, and nobody is told that it is the caller', async () => {
  const away = { deploymentBucket: bucketAt('http://127.0.0.1:9') }
  const failure = toFailure(await stored(LARGE, away).catch((error: unknown) => error))
  expect(failure).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    detail: expect.stringContaining('127.0.0.1:9'),
  })
  expect(FAILURES[failure.code]).toMatchObject({ blame: 'platform', retry: true })
})
