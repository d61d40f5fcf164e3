import { hash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store, StoredContent } from '../../packages/stores/src/index.ts'

const MEBIBYTE = 1024 * 1024
const nothing = Buffer.alloc(0)

/**
 * What every object store must do. `makeStore` gives a store that is ready for use; keys are made
 * below a prefix of this run and removed at its end, the store is closed.
 */
export function storeConformance(name: string, makeStore: () => Promise<Store>): void {
  describe(`store ${name}`, () => {
    const prefix = `conformance/${randomUUID()}`
    let store: Store
    let folder: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'packline-conformance-'))
      store = await makeStore()
      await store.prepare()
    })

    afterAll(async () => {
      for await (const { key } of store.list(`${prefix}/`)) await store.remove(key)
      await store.close()
      await rm(folder, { recursive: true, force: true })
    })

    const keyOf = (tail: string) => `${prefix}/${tail}`
    const putBytes = (tail: string, bytes: Buffer) =>
      store.put(keyOf(tail), { bytes }, { sha256: hash('sha256', bytes) })
    const fileOf = async (bytes: Buffer): Promise<{ path: string; size: number }> => {
      const path = join(folder, randomUUID())
      await writeFile(path, bytes)
      return { path, size: bytes.length }
    }
    const read = async (tail: string, range?: { start: number; end: number }) => {
      const found = await store.get(keyOf(tail), { range })
      return found && readAll(found)
    }
    const keysBelow = async (tail: string) => {
      const keys: string[] = []
      for await (const object of store.list(keyOf(tail))) keys.push(object.key)
      return keys.map((key) => key.slice(prefix.length + 1)).sort()
    }

    describe('put and get', () => {
      it('gives back the bytes it was given', async () => {
        const bytes = randomBytes(200)
        await putBytes('bytes.zip', bytes)
        expect(await read('bytes.zip')).toEqual(bytes)
      })

      it.each([
        ['a small file', 600],
        ['a file of several chunks', 3 * MEBIBYTE + 17],
      ])('gives back the bytes of %s', async (_title, size) => {
        const bytes = randomBytes(size)
        const content = await fileOf(bytes)
        await store.put(keyOf(`file-${size}`), content, { sha256: hash('sha256', bytes) })
        expect(bytes.equals((await read(`file-${size}`)) ?? nothing)).toBe(true)
      })

      it('keeps an object without bytes, from memory and from a file', async () => {
        const sha256 = hash('sha256', '')
        await putBytes('empty-bytes', Buffer.alloc(0))
        await store.put(keyOf('empty-file'), await fileOf(Buffer.alloc(0)), { sha256 })
        expect(await read('empty-bytes')).toEqual(Buffer.alloc(0))
        expect(await read('empty-file')).toEqual(Buffer.alloc(0))
        expect(await store.head(keyOf('empty-file'))).toMatchObject({ size: 0 })
      })

      it('takes the same put twice', async () => {
        const bytes = randomBytes(300)
        await putBytes('twice', bytes)
        await putBytes('twice', bytes)
        expect(await read('twice')).toEqual(bytes)
      })

      it('replaces an object as a whole', async () => {
        await putBytes('replaced', randomBytes(5000))
        const later = randomBytes(40)
        await putBytes('replaced', later)
        expect(await read('replaced')).toEqual(later)
      })

      it('shows readers one whole object while writers of the same key are at work', async () => {
        const versions = Array.from({ length: 4 }, (_, index) => Buffer.alloc(MEBIBYTE, index + 1))
        await putBytes('contended', versions[0] ?? nothing)
        const writes = Promise.all(versions.map((bytes) => putBytes('contended', bytes)))
        for (let reads = 0; reads < 5; reads++) {
          const seen = (await read('contended')) ?? nothing
          expect(versions.some((bytes) => bytes.equals(seen))).toBe(true)
        }
        await writes
      })

      it('takes many puts at once', async () => {
        const all = Array.from({ length: 200 }, (_, index) => `many/${index}`)
        await Promise.all(all.map((tail) => putBytes(tail, Buffer.from(tail))))
        const seen = await Promise.all(all.map((tail) => read(tail)))
        expect(seen.map(String)).toEqual(all)
      })

      it.each([
        'a b+c.zip',
        "it's (1)*!.zip",
        'ümlaut/包/x',
        'a&b<c>"d"',
        '00123',
        'a%20b',
        'a=b;c?d#e',
      ])('keeps the key %s apart from all others', async (tail) => {
        await putBytes(`names/${tail}`, Buffer.from(tail))
        expect(String(await read(`names/${tail}`))).toBe(tail)
        expect(await keysBelow(`names/${tail}`)).toContain(`names/${tail}`)
      })

      it('says where an object is', async () => {
        const address = new URL(store.address(keyOf('bytes.zip')))
        expect(['s3:', 'file:']).toContain(address.protocol)
        expect(address.pathname.endsWith(keyOf('bytes.zip'))).toBe(true)
      })
    })

    describe('ranges', () => {
      const bytes = Buffer.from('0123456789')
      beforeAll(() => putBytes('digits', bytes))

      it.each([
        ['the beginning', { start: 0, end: 3 }, '0123'],
        ['one byte', { start: 4, end: 4 }, '4'],
        ['the end, cut there', { start: 8, end: 100 }, '89'],
      ])('reads %s', async (_title, range, expected) => {
        const found = await store.get(keyOf('digits'), { range })
        expect(found?.size).toBe(expected.length)
        expect(String(found && (await readAll(found)))).toBe(expected)
      })

      it('refuses a range after the end', async () => {
        await expect(read('digits', { start: 10, end: 12 })).rejects.toMatchObject({
          code: 'INVALID_REQUEST',
        })
      })

      it.each([
        { start: -1, end: 2 },
        { start: 3, end: 2 },
        { start: 0.5, end: 2 },
      ])('refuses the range $start to $end', async (range) => {
        await expect(read('digits', range)).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
      })
    })

    describe('content that is not what was announced', () => {
      const bytes = randomBytes(500)
      const large = randomBytes(MEBIBYTE)
      const refused = { code: 'CONTENT_MISMATCH' }

      it('refuses bytes of another digest and stores nothing', async () => {
        const wrong = store.put(keyOf('bad/bytes'), { bytes }, { sha256: hash('sha256', 'other') })
        await expect(wrong).rejects.toMatchObject(refused)
        expect(await store.head(keyOf('bad/bytes'))).toBeUndefined()
      })

      it('refuses a file of another digest and stores nothing', async () => {
        const options = { sha256: hash('sha256', 'other') }
        const wrong = store.put(keyOf('bad/file'), await fileOf(large), options)
        await expect(wrong).rejects.toMatchObject(refused)
        expect(await store.head(keyOf('bad/file'))).toBeUndefined()
      })

      it.each([
        ['shorter', large.length + 1],
        ['longer', large.length - 1],
      ])('refuses a file that is %s than announced', async (_title, size) => {
        const { path } = await fileOf(large)
        const wrong = store.put(
          keyOf('bad/size'),
          { path, size },
          { sha256: hash('sha256', large) },
        )
        await expect(wrong).rejects.toMatchObject(refused)
        expect(await store.head(keyOf('bad/size'))).toBeUndefined()
      })

      it('refuses a file that is not there', async () => {
        const content = { path: join(folder, 'missing'), size: 3 }
        const wrong = store.put(keyOf('bad/none'), content, { sha256: hash('sha256', 'abc') })
        await expect(wrong).rejects.toMatchObject(refused)
      })

      it('keeps the old object when the new one is refused', async () => {
        await putBytes('kept', bytes)
        const wrong = store.put(keyOf('kept'), { bytes: large }, { sha256: hash('sha256', bytes) })
        await expect(wrong).rejects.toMatchObject(refused)
        expect(await read('kept')).toEqual(bytes)
      })
    })

    describe('head, list and remove', () => {
      it('tells size and time of an object, and nothing of a missing one', async () => {
        await putBytes('headed', randomBytes(321))
        const found = await store.head(keyOf('headed'))
        expect(found).toMatchObject({ key: keyOf('headed'), size: 321 })
        expect(Math.abs(Date.now() - Number(found?.modifiedAt))).toBeLessThan(60_000)
        expect(await store.head(keyOf('not-there'))).toBeUndefined()
        expect(await store.get(keyOf('not-there'))).toBeUndefined()
      })

      it('has no object under the name of a folder or below an object', async () => {
        await putBytes('outer/inner', Buffer.from('x'))
        expect(await store.head(keyOf('outer'))).toBeUndefined()
        expect(await store.get(keyOf('outer'))).toBeUndefined()
        expect(await store.head(keyOf('outer/inner/deeper'))).toBeUndefined()
        await store.remove(keyOf('outer'))
        expect(String(await read('outer/inner'))).toBe('x')
      })

      it('lists by the beginning of the key, across folders', async () => {
        const tails = ['list/a', 'list/ab/c', 'list/ab/d/e', 'list/b', 'listed']
        for (const tail of tails) await putBytes(tail, Buffer.from(tail))
        expect(await keysBelow('list/')).toEqual(['list/a', 'list/ab/c', 'list/ab/d/e', 'list/b'])
        expect(await keysBelow('list/a')).toEqual(['list/a', 'list/ab/c', 'list/ab/d/e'])
        expect(await keysBelow('list/ab/')).toEqual(['list/ab/c', 'list/ab/d/e'])
        expect(await keysBelow('list')).toEqual([...tails].sort())
        expect(await keysBelow('nothing/here/')).toEqual([])
      })

      it('lists size and time', async () => {
        await putBytes('listed-object', randomBytes(77))
        for await (const object of store.list(keyOf('listed-object'))) {
          expect(object).toEqual({
            key: keyOf('listed-object'),
            size: 77,
            modifiedAt: expect.any(Date),
          })
        }
        expect.assertions(1)
      })

      it('lists more objects than one page of S3 holds, and can be left early', async () => {
        const tails = Array.from({ length: 1_050 }, (_, index) => `page/${index}`)
        await inTurns(tails, (tail) => putBytes(tail, Buffer.from('x')))
        expect((await keysBelow('page/')).length).toBe(1_050)
        let seen = 0
        for await (const _ of store.list(keyOf('page/'))) if (++seen === 3) break
        expect(seen).toBe(3)
      }, 60_000)

      it('removes an object, and takes the removal of a missing one', async () => {
        await putBytes('gone/soon', Buffer.from('x'))
        await store.remove(keyOf('gone/soon'))
        await store.remove(keyOf('gone/soon'))
        expect(await read('gone/soon')).toBeUndefined()
        expect(await keysBelow('gone/')).toEqual([])
      })

      it('stores and removes beside each other in one folder', async () => {
        const turn = async (tail: string) => {
          for (let round = 0; round < 20; round++) {
            await putBytes(tail, Buffer.from(tail))
            await store.remove(keyOf(tail))
          }
          await putBytes(tail, Buffer.from(tail))
        }
        await Promise.all(['race/d/a', 'race/d/b', 'race/d/c'].map(turn))
        expect(await keysBelow('race/')).toEqual(['race/d/a', 'race/d/b', 'race/d/c'])
      })
    })

    describe('keys that lead elsewhere', () => {
      const keys = [
        '',
        '/a',
        'a//b',
        'a/',
        '../a',
        'a/../../b',
        '.',
        'a/./b',
        '.incoming/a',
        'a\\b',
      ]
      const odd = ['a\0b', 'a\nb', `a/${'x'.repeat(256)}`, 'x/'.repeat(600), 'a\ud800']

      it.each([...keys, ...odd])('refuses %j', async (key) => {
        const content: StoredContent = { bytes: Buffer.from('x') }
        const put = store.put(key, content, { sha256: hash('sha256', 'x') })
        await expect(put).rejects.toMatchObject({ code: 'BUG' })
        await expect(store.get(key)).rejects.toMatchObject({ code: 'BUG' })
        await expect(store.head(key)).rejects.toMatchObject({ code: 'BUG' })
        await expect(store.remove(key)).rejects.toMatchObject({ code: 'BUG' })
      })

      it.each(['/', '../', 'a/../b', '.'])('refuses to list %j', async (start) => {
        const first = store.list(start)[Symbol.asyncIterator]().next()
        await expect(first).rejects.toMatchObject({ code: 'BUG' })
      })
    })

    describe('a caller that goes away', () => {
      const reason = new Error('not wanted any more')

      it('starts nothing for a signal that is aborted already', async () => {
        const signal = AbortSignal.abort(reason)
        const bytes = Buffer.from('x')
        const put = store.put(keyOf('late'), { bytes }, { sha256: hash('sha256', bytes), signal })
        await expect(put).rejects.toBe(reason)
        await expect(store.get(keyOf('late'), { signal })).rejects.toBe(reason)
        await expect(store.head(keyOf('late'), { signal })).rejects.toBe(reason)
        const first = store.list(keyOf('late'), { signal })[Symbol.asyncIterator]().next()
        await expect(first).rejects.toBe(reason)
        expect(await store.head(keyOf('late'))).toBeUndefined()
      })

      it('stores nothing when it goes in the middle of a put', async () => {
        const bytes = randomBytes(32 * MEBIBYTE)
        const content = await fileOf(bytes)
        const caller = new AbortController()
        const options = { sha256: hash('sha256', bytes), signal: caller.signal }
        const put = store.put(keyOf('half'), content, options)
        setTimeout(() => caller.abort(reason), 5)
        await expect(put).rejects.toBe(reason)
        expect(await store.head(keyOf('half'))).toBeUndefined()
        expect(await openFilesIn(folder)).toEqual([])
      })

      it('ends a read that it left, and the next one works', async () => {
        const bytes = randomBytes(8 * MEBIBYTE)
        await putBytes('large', bytes)
        const unread = await store.get(keyOf('large'))
        unread?.stream.destroy()
        const begun = await store.get(keyOf('large'))
        for await (const _ of begun?.stream ?? []) break
        const caller = new AbortController()
        const stopped = await store.get(keyOf('large'), { signal: caller.signal })
        caller.abort(reason)
        await expect(stopped && readAll(stopped)).rejects.toBe(reason)
        expect(bytes.equals((await read('large')) ?? nothing)).toBe(true)
      })
    })

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined()
    })

    it('can be prepared again, by many at once, without harm', async () => {
      await putBytes('prepared', Buffer.from('x'))
      await Promise.all([store.prepare(), store.prepare(), store.prepare()])
      expect(String(await read('prepared'))).toBe('x')
    })
  })
}

async function readAll(found: { size: number; stream: Readable }): Promise<Buffer> {
  const bytes = await buffer(found.stream)
  expect(bytes.length).toBe(found.size)
  return bytes
}

/** Runs over all items, 32 at once: as many as a worker has under way. */
async function inTurns<T>(items: T[], run: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (const item of rest) await run(item)
    }),
  )
}

/** Paths below a folder that this process holds open; known on Linux only. */
async function openFilesIn(folder: string): Promise<string[]> {
  if (process.platform !== 'linux') return []
  const descriptors = await readdir('/proc/self/fd')
  const paths = await Promise.all(
    // A descriptor may be closed while we look.
    descriptors.map((descriptor) => readlink(`/proc/self/fd/${descriptor}`).catch(() => '')),
  )
  return paths.filter((path) => path.startsWith(folder))
}
