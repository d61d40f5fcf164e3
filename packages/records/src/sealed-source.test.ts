import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { BuildRequest } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BuildRecord } from './build-record.ts'
import { makeRecords } from './make-records.ts'
import { everythingIn } from './notices/test-notices.ts'
import { makeTestInstallation, newBuild, newRequest, SUCCEEDED } from './test-installation.ts'

const CANARY = 'canary-9Xd4-of-a-signature'
const URL = `https://store.example/a.zip?X-Amz-Signature=${CANARY}&v=1#part`
const SHOWN = 'https://store.example/a.zip#part'
const SECRET = `whsec_${Buffer.from(`${CANARY}-of-callback`).toString('base64')}`

const installation = await makeTestInstallation()
const { records, redis, keys, queues, prefix, store } = installation
afterAll(installation.remove)

const request: BuildRequest = {
  ...newRequest('signed'),
  source: { kind: 'url', url: URL, sha256: null },
  callback: { url: 'https://callback.example/' },
}

async function begun(id: string): Promise<BuildRecord> {
  const beginning = await records.begin(id, 'w1')
  if (!beginning.begun) throw new Error(beginning.because)
  return beginning.record
}

async function accepted(more: object = {}): Promise<string> {
  const build = newBuild('signed', { request, callbackSecret: SECRET, ...more })
  return (await records.accept([build], { tenant: 'acme' })).ids[0] ?? ''
}

describe('the query of an address that a build is made from', () => {
  let id: string
  beforeAll(async () => {
    id = await accepted()
  })

  test('is nowhere in Redis, and not in what is shown', async () => {
    expect(await everythingIn(installation)).not.toMatch(/canary|Y2FuYXJ5/)
    const view = await records.get('acme', id)
    expect(view.request?.source).toEqual({ kind: 'url', url: SHOWN, sha256: null })
  })

  test('is opened for the worker that builds it, with what its tools may not tell', async () => {
    const record = await begun(id)
    expect(JSON.stringify(record)).not.toMatch(/canary|Y2FuYXJ5/)
    const opened = records.openRequest(record)
    expect(opened.request).toEqual(request)
    expect(opened.secrets).toEqual([
      SECRET,
      SECRET.slice('whsec_'.length),
      `?X-Amz-Signature=${CANARY}&v=1`,
      CANARY,
    ])
  })

  test('opens with no other key, for no other tenant', async () => {
    const record = await begun(await accepted())
    const secretKey = randomBytes(32).toString('base64')
    const others = makeRecords({ redis, prefix, queues, secretKey })
    const locked = expect.objectContaining({ code: 'SECRETS_LOCKED' })
    expect(() => others.openRequest({ ...record, sealedCallback: undefined })).toThrow(locked)
    const moved = { ...record, sealedCallback: undefined, tenant: 'another' }
    expect(() => records.openRequest(moved)).toThrow(locked)
    await others.close()
  })

  test('goes into the archive sealed, and along with a retry', async () => {
    const { attempt } = await begun(id)
    await records.finish(id, attempt, SUCCEEDED)
    await records.archive()
    const segment = (await redis.hget(keys.build(id), 'archivedIn')) ?? ''
    const bytes = await store.get(segment, AbortSignal.timeout(1000))
    const text = gunzipSync(bytes ?? '').toString()
    expect(text).toContain(SHOWN)
    expect(text).not.toMatch(/canary|Y2FuYXJ5/)
    const before = await records.request('acme', id)
    const again = await begun(await accepted({ ...before, callbackSecret: undefined, retryOf: id }))
    const opened = records.openRequest(again)
    expect(opened.request).toEqual(request)
    expect(opened.secrets).toContain(SECRET)
  })
})

test('where no secrets are kept a query is refused, and an address without one is not', async () => {
  const others = makeRecords({ redis, prefix, queues })
  const build = newBuild('signed', { request: { ...request, callback: undefined } })
  const asking = { tenant: 'acme' }
  await expect(others.accept([build], asking)).rejects.toMatchObject({ code: 'SECRETS_LOCKED' })
  const plain = { kind: 'url', url: SHOWN, sha256: null } as const
  const { ids } = await others.accept(
    [newBuild('a', { request: { ...build.request, source: plain } })],
    asking,
  )
  expect(others.openRequest(await begun(ids[0] ?? '')).request.source).toEqual(plain)
  await others.close()
})
