import { hash, randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { isSame, MEBIBYTE, readAll, type StoreTrial } from './store-trial.ts'

/** What was put comes back, whole. */
export function describeContent(trial: StoreTrial): void {
  const { keyOf, putBytes, fileOf, read } = trial
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
      await trial.store().put(keyOf(`file-${size}`), content, { sha256: hash('sha256', bytes) })
      expect(isSame(await read(`file-${size}`), bytes)).toBe(true)
    })

    it('keeps an object without bytes, from memory and from a file', async () => {
      const sha256 = hash('sha256', '')
      await putBytes('empty-bytes', Buffer.alloc(0))
      await trial.store().put(keyOf('empty-file'), await fileOf(Buffer.alloc(0)), { sha256 })
      expect(await read('empty-bytes')).toEqual(Buffer.alloc(0))
      expect(await read('empty-file')).toEqual(Buffer.alloc(0))
      expect(await trial.store().head(keyOf('empty-file'))).toMatchObject({ size: 0 })
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
      await putBytes('contended', versions[0] ?? Buffer.alloc(0))
      const writes = Promise.all(versions.map((bytes) => putBytes('contended', bytes)))
      for (let reads = 0; reads < 5; reads++) {
        const seen = await read('contended')
        expect(versions.some((bytes) => isSame(seen, bytes))).toBe(true)
      }
      await writes
    })

    it('takes many puts at once', async () => {
      const all = Array.from({ length: 200 }, (_, index) => `many/${index}`)
      await Promise.all(all.map((tail) => putBytes(tail, Buffer.from(tail))))
      const seen = await Promise.all(all.map((tail) => read(tail)))
      expect(seen.map(String)).toEqual(all)
    })

    it('says where an object is', async () => {
      const address = new URL(trial.store().address(keyOf('bytes.zip')))
      expect(['s3:', 'file:']).toContain(address.protocol)
      expect(address.pathname.endsWith(keyOf('bytes.zip'))).toBe(true)
    })
  })
}

/** A key means one object, whatever characters it has. */
export function describeNames(trial: StoreTrial): void {
  const { putBytes, read, keysBelow } = trial
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
}

/** Parts of an object can be read. */
export function describeRanges(trial: StoreTrial): void {
  const { keyOf, putBytes, read } = trial
  describe('ranges', () => {
    const bytes = Buffer.from('0123456789')
    beforeAll(() => putBytes('digits', bytes))

    it.each([
      ['the beginning', { start: 0, end: 3 }, '0123'],
      ['one byte', { start: 4, end: 4 }, '4'],
      ['the end, cut there', { start: 8, end: 100 }, '89'],
    ])('reads %s', async (_title, range, expected) => {
      const found = await trial.store().get(keyOf('digits'), { range })
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
}
