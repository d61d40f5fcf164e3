import { Readable } from 'node:stream'
import type { Isolation } from '@packline/engine'
import type { BuildRecord } from '@packline/records'
import { afterAll, describe, expect, test } from 'vitest'
import { newBuild } from '../../../packages/records/src/test-installation.ts'
import { contextOf } from './context-of.ts'
import { makePlaces } from './places.ts'
import { makeWorkerInstallation } from './test/installation.ts'

const all = await makeWorkerInstallation()
afterAll(() => all.remove())

const never = new AbortController().signal
const reporter = { event: () => undefined, log: () => undefined, pin: async () => undefined }
const engine = { ...all.engine, toolPlaces: makePlaces(1) }

async function recordOf(priority: 'interactive' | 'bulk'): Promise<BuildRecord> {
  const { ids } = await all.records.accept([newBuild('hello', { priority })], { tenant: 'acme' })
  const beginning = await all.records.begin(ids[0] ?? '', 'w1')
  if (!beginning.begun) throw new Error('it did not begin')
  return beginning.record
}

const contextFor = async (priority: 'interactive' | 'bulk', isolation?: Isolation) =>
  contextOf(
    await recordOf(priority),
    isolation ? { ...engine, isolation } : engine,
    all.records,
    never,
    reporter,
  )

describe('tool slots', () => {
  test('go to interactive builds before all bulk builds that wait', async () => {
    const [bulk, other, interactive] = await Promise.all([
      contextFor('bulk'),
      contextFor('bulk'),
      contextFor('interactive'),
    ])
    const order: string[] = []
    const use = async (name: string, { isolation }: typeof bulk) => {
      const slot = await isolation.acquireSlot(never)
      order.push(name)
      slot.release()
    }
    const held = await bulk.isolation.acquireSlot(never)
    const uses = [use('bulk', bulk), use('other', other), use('interactive', interactive)]
    held.release()
    held.release()
    await Promise.all(uses)
    expect(order).toEqual(['interactive', 'bulk', 'other'])
  })

  test('are not lost where the isolation gives none', async () => {
    const acquireSlot = () => Promise.reject(new Error('no user id is free'))
    const context = await contextFor('bulk', { ...engine.isolation, acquireSlot })
    for (let times = 0; times < 2; times++) {
      await expect(context.isolation.acquireSlot(never)).rejects.toThrow('no user id is free')
    }
  })
})

describe('a build', () => {
  test("finds its own tenant's uploads, a ZIP or a JAR, and no other's", async () => {
    const context = await contextFor('interactive')
    const asked: string[] = []
    const get = async (key: string) => {
      asked.push(key)
      const stream = Readable.from(['zip'])
      return key.endsWith('.jar') ? { size: 3, stream } : undefined
    }
    const record = await recordOf('interactive')
    const own = contextOf(
      record,
      { ...engine, store: { ...engine.store, get } },
      all.records,
      never,
      reporter,
    )
    expect(await own.openUpload('aa')).toMatchObject({ size: 3 })
    expect(asked).toEqual(['uploads/acme/aa.zip', 'uploads/acme/aa.jar'])
    expect(await context.openUpload('bb')).toBeUndefined()
  })

  test("finds its own tenant's drafts", async () => {
    const get = async (key: string) => ({ size: 3, stream: Readable.from([key]) })
    const record = await recordOf('interactive')
    const store = { ...engine.store, get }
    const own = contextOf(record, { ...engine, store }, all.records, never, reporter)
    const { stream } = (await own.openDraft('ab')) ?? {}
    expect(stream && (await Array.fromAsync(stream))).toEqual(['drafts/acme/ab.zip'])
  })

  test("finds its own tenant's dependency packages by name and content", async () => {
    const asked: string[] = []
    const get = async (key: string) => {
      asked.push(key)
      return { size: 3, stream: Readable.from(['zip']) }
    }
    const record = await recordOf('interactive')
    const own = contextOf(
      record,
      { ...engine, store: { ...engine.store, get } },
      all.records,
      never,
      reporter,
    )
    const pin = { name: 'libs', revision: 2, sha256: 'ab', size: 3 }
    expect(await own.openDependency(pin)).toMatchObject({ size: 3 })
    expect(asked).toEqual(['dependencies/acme/libs/ab.zip'])
  })

  test("stores its package under its tenant's and function's name, by content", async () => {
    const record = await recordOf('interactive')
    const context = contextOf(record, engine, all.records, never, reporter)
    const bytes = Buffer.from('zip')
    const file = { content: { bytes }, size: 3, sha256: 'ab', entries: 1, unpackedSize: 1 }
    expect(await context.keyOfPackage(file, 'jar', record.request)).toBe(
      'packages/acme/hello/ab.jar',
    )
    const apart = { type: 'dependency', function: 'libs' } as const
    expect(await context.keyOfPackage(file, 'zip', apart)).toBe('dependencies/acme/libs/ab.zip')
    expect(context).toMatchObject({ tenant: 'acme', signal: never, pinned: undefined })
  })
})
