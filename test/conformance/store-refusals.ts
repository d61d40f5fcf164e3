import { hash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StoredContent } from '../../packages/stores/src/index.ts'
import { isSame, MEBIBYTE, openFilesIn, readAll, type StoreTrial } from './store-trial.ts'

/** What is not what it says is not stored. */
export function describeMismatches(trial: StoreTrial): void {
  const { keyOf, putBytes, fileOf, read } = trial
  describe('content that is not what was announced', () => {
    const bytes = randomBytes(500)
    const large = randomBytes(MEBIBYTE)
    const refused = { code: 'CONTENT_MISMATCH' }

    it('refuses bytes of another digest and stores nothing', async () => {
      const wrong = trial
        .store()
        .put(keyOf('bad/bytes'), { bytes }, { sha256: hash('sha256', 'other') })
      await expect(wrong).rejects.toMatchObject(refused)
      expect(await trial.store().head(keyOf('bad/bytes'))).toBeUndefined()
    })

    it('refuses a file of another digest and stores nothing', async () => {
      const options = { sha256: hash('sha256', 'other') }
      const wrong = trial.store().put(keyOf('bad/file'), await fileOf(large), options)
      await expect(wrong).rejects.toMatchObject(refused)
      expect(await trial.store().head(keyOf('bad/file'))).toBeUndefined()
    })

    it.each([
      ['shorter', large.length + 1],
      ['longer', large.length - 1],
    ])('refuses a file that is %s than announced', async (_title, size) => {
      const { path } = await fileOf(large)
      const wrong = trial
        .store()
        .put(keyOf('bad/size'), { path, size }, { sha256: hash('sha256', large) })
      await expect(wrong).rejects.toMatchObject(refused)
      expect(await trial.store().head(keyOf('bad/size'))).toBeUndefined()
    })

    it('refuses a file that is not there', async () => {
      const content = { path: join(trial.folder(), 'missing'), size: 3 }
      const wrong = trial.store().put(keyOf('bad/none'), content, { sha256: hash('sha256', 'abc') })
      await expect(wrong).rejects.toMatchObject(refused)
    })

    it('keeps the old object when the new one is refused', async () => {
      await putBytes('kept', bytes)
      const wrong = trial
        .store()
        .put(keyOf('kept'), { bytes: large }, { sha256: hash('sha256', bytes) })
      await expect(wrong).rejects.toMatchObject(refused)
      expect(await read('kept')).toEqual(bytes)
    })
  })
}

/** No key leads out of the store. */
export function describeKeys(trial: StoreTrial): void {
  describe('keys that lead elsewhere', () => {
    const keys = ['', '/a', 'a//b', 'a/', '../a', 'a/../../b', '.', 'a/./b', '.incoming/a', 'a\\b']
    const odd = ['a\0b', 'a\nb', `a/${'x'.repeat(256)}`, 'x/'.repeat(600), 'a\ud800']

    it.each([...keys, ...odd])('refuses %j', async (key) => {
      const content: StoredContent = { bytes: Buffer.from('x') }
      const put = trial.store().put(key, content, { sha256: hash('sha256', 'x') })
      await expect(put).rejects.toMatchObject({ code: 'BUG' })
      await expect(trial.store().get(key)).rejects.toMatchObject({ code: 'BUG' })
      await expect(trial.store().head(key)).rejects.toMatchObject({ code: 'BUG' })
      await expect(trial.store().remove(key)).rejects.toMatchObject({ code: 'BUG' })
    })

    it.each(['/', '../', 'a/../b', '.'])('refuses to list %j', async (start) => {
      const first = trial.store().list(start)[Symbol.asyncIterator]().next()
      await expect(first).rejects.toMatchObject({ code: 'BUG' })
    })
  })
}

/** A caller that goes away leaves nothing behind. */
export function describeAborts(trial: StoreTrial): void {
  const { keyOf, putBytes, fileOf, read } = trial
  describe('a caller that goes away', () => {
    const reason = new Error('not wanted any more')

    it('starts nothing for a signal that is aborted already', async () => {
      const signal = AbortSignal.abort(reason)
      const bytes = Buffer.from('x')
      const put = trial
        .store()
        .put(keyOf('late'), { bytes }, { sha256: hash('sha256', bytes), signal })
      await expect(put).rejects.toBe(reason)
      await expect(trial.store().get(keyOf('late'), { signal })).rejects.toBe(reason)
      await expect(trial.store().head(keyOf('late'), { signal })).rejects.toBe(reason)
      const first = trial.store().list(keyOf('late'), { signal })[Symbol.asyncIterator]().next()
      await expect(first).rejects.toBe(reason)
      expect(await trial.store().head(keyOf('late'))).toBeUndefined()
    })

    it('stores nothing when it goes in the middle of a put', async () => {
      const bytes = randomBytes(32 * MEBIBYTE)
      const content = await fileOf(bytes)
      const caller = new AbortController()
      const options = { sha256: hash('sha256', bytes), signal: caller.signal }
      const put = trial.store().put(keyOf('half'), content, options)
      setTimeout(() => caller.abort(reason), 5)
      await expect(put).rejects.toBe(reason)
      expect(await trial.store().head(keyOf('half'))).toBeUndefined()
      expect(await openFilesIn(trial.folder())).toEqual([])
    })

    it('ends a read that it left, and the next one works', async () => {
      const bytes = randomBytes(8 * MEBIBYTE)
      await putBytes('large', bytes)
      const unread = await trial.store().get(keyOf('large'))
      unread?.stream.destroy()
      const begun = await trial.store().get(keyOf('large'))
      for await (const _ of begun?.stream ?? []) break
      const caller = new AbortController()
      const stopped = await trial.store().get(keyOf('large'), { signal: caller.signal })
      caller.abort(reason)
      await expect(stopped && readAll(stopped)).rejects.toBe(reason)
      expect(isSame(await read('large'), bytes)).toBe(true)
    })
  })
}
