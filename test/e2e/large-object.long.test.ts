import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildView } from '@packline/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { craftZip } from '../../packages/archive/src/test/craft-zip.ts'
import { makeTestBucket, type TestBucket } from '../harness/bucket.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const PROFILE = join(import.meta.dirname, '../../profiles/ctyun-functiongraph.yaml')
const MIB = 1024 * 1024
/** What the platform takes, but for the directory of the archive. */
const NOISE_BYTES = 300 * MIB - 4096
/** Pieces that are done with stay until the next collection; the object whole is twice that. */
const GROWTH_BYTES_MAX = 150 * MIB

let bucket: TestBucket
let line: TestLine
let folder: string
beforeAll(async () => {
  bucket = await makeTestBucket()
  folder = await mkdtemp(join(tmpdir(), 'packline-large-'))
  const profile = join(folder, 'profile.yaml')
  const text = await readFile(PROFILE, 'utf8')
  await writeFile(profile, text.replace('region: cn-default', `region: ${bucket.store.region}`))
  line = await startTestLine({
    environment: {
      PACKLINE_PROFILE: profile,
      PACKLINE_OBJECT_STORES: JSON.stringify([bucket.store]),
    },
  })
})
afterAll(async () => {
  await line.stop()
  await bucket.remove()
  await rm(folder, { recursive: true })
})

async function built(address: string): Promise<BuildView> {
  const { id } = await line.client.submit({
    function: 'large',
    runtime: 'nodejs',
    handler: 'index.handler',
    source: { kind: 'object', address, as: 'package' },
  })
  await Array.fromAsync(line.client.events(id))
  return line.client.build(id)
}

const HELLO = { name: 'index.js', content: 'exports.handler = async () => "large"\n' }

/** How much more a process had in memory at its worst, while `work` was done. */
async function growthOf(pid: number, work: () => Promise<void>): Promise<number> {
  const read = async (field: string) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    return Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1]) * 1024
  }
  const before = await read('VmRSS')
  // Forgets what was the most so far.
  await writeFile(`/proc/${pid}/clear_refs`, '5')
  await work()
  return (await read('VmHWM')) - before
}

test('an object of 300 MB is fetched, proved, stored and handed out, never whole in memory', async () => {
  const noise = { name: 'noise.bin', content: randomBytes(NOISE_BYTES), method: 0 } as const
  const bytes = craftZip([HELLO, noise])
  expect(bytes.length).toBeGreaterThan(299 * MIB)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const address = await bucket.put('large.zip', bytes)
  expect(await built(await bucket.put('small.zip', craftZip([HELLO])))).toMatchObject({
    state: 'succeeded',
  })
  const [worker] = line.workers
  const ofWorker = await growthOf(worker?.pid ?? 0, async () => {
    const build = await built(address)
    expect(build).toMatchObject({
      state: 'succeeded',
      verdict: { verdict: 'proved' },
      pin: { kind: 'object', sha256, size: bytes.length },
      package: { sha256, size: bytes.length },
    })
  })
  const { items } = await line.client.builds({ function: 'large', limit: 1 })
  const digest = createHash('sha256')
  const ofApi = await growthOf(line.api.pid, async () => {
    for await (const chunk of await line.client.download(items[0]?.id ?? '')) digest.update(chunk)
  })
  expect(digest.digest('hex')).toBe(sha256)
  expect({ ofWorker, ofApi }).toEqual({
    ofWorker: expect.toSatisfy((grown: number) => grown < GROWTH_BYTES_MAX),
    ofApi: expect.toSatisfy((grown: number) => grown < GROWTH_BYTES_MAX),
  })
}, 300_000)
