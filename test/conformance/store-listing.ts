import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { inTurns, type StoreTrial } from './store-trial.ts'

/** Objects are found and told about. */
export function describeListing(trial: StoreTrial): void {
  const { keyOf, putBytes, read, keysBelow } = trial
  describe('head and list', () => {
    it('tells size and time of an object, and nothing of a missing one', async () => {
      await putBytes('headed', randomBytes(321))
      const found = await trial.store().head(keyOf('headed'))
      expect(found).toMatchObject({ key: keyOf('headed'), size: 321 })
      expect(Math.abs(Date.now() - Number(found?.modifiedAt))).toBeLessThan(60_000)
      expect(await trial.store().head(keyOf('not-there'))).toBeUndefined()
      expect(await trial.store().get(keyOf('not-there'))).toBeUndefined()
    })

    it('has no object under the name of a folder or below an object', async () => {
      await putBytes('outer/inner', Buffer.from('x'))
      expect(await trial.store().head(keyOf('outer'))).toBeUndefined()
      expect(await trial.store().get(keyOf('outer'))).toBeUndefined()
      expect(await trial.store().head(keyOf('outer/inner/deeper'))).toBeUndefined()
      await trial.store().remove(keyOf('outer'))
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

    it('lists what was just stored, and no more what was just removed', async () => {
      // A version of a thing that lasts takes the place of the one before (decision 0084).
      for (let version = 1; version <= 10; version++) {
        await putBytes(`versions/${version}`, Buffer.from('x'))
        const older = `versions/${version - 1}`
        const listed = await keysBelow('versions/')
        expect(listed).toEqual([older, `versions/${version}`].slice(version === 1 ? 1 : 0).sort())
        await trial.store().remove(keyOf(older))
      }
      expect(await keysBelow('versions/')).toEqual(['versions/10'])
    })

    it('lists size and time', async () => {
      await putBytes('listed-object', randomBytes(77))
      for await (const object of trial.store().list(keyOf('listed-object'))) {
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
      for await (const _ of trial.store().list(keyOf('page/'))) if (++seen === 3) break
      expect(seen).toBe(3)
    }, 60_000)
  })
}

/** What is removed is gone, and its neighbours stay. */
export function describeRemoval(trial: StoreTrial): void {
  const { keyOf, putBytes, read, keysBelow } = trial
  describe('remove', () => {
    it('removes an object, and takes the removal of a missing one', async () => {
      await putBytes('gone/soon', Buffer.from('x'))
      await trial.store().remove(keyOf('gone/soon'))
      await trial.store().remove(keyOf('gone/soon'))
      expect(await read('gone/soon')).toBeUndefined()
      expect(await keysBelow('gone/')).toEqual([])
    })

    it('stores and removes beside each other in one folder', async () => {
      const turn = async (tail: string) => {
        for (let round = 0; round < 20; round++) {
          await putBytes(tail, Buffer.from(tail))
          await trial.store().remove(keyOf(tail))
        }
        await putBytes(tail, Buffer.from(tail))
      }
      await Promise.all(['race/d/a', 'race/d/b', 'race/d/c'].map(turn))
      expect(await keysBelow('race/')).toEqual(['race/d/a', 'race/d/b', 'race/d/c'])
    })
  })
}
