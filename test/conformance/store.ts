import { describe, expect, it } from 'vitest'
import type { Store } from '../../packages/stores/src/index.ts'
import { describeContent, describeNames, describeRanges } from './store-content.ts'
import { describeListing, describeRemoval } from './store-listing.ts'
import { describeAborts, describeKeys, describeMismatches } from './store-refusals.ts'
import { storeTrial } from './store-trial.ts'

/**
 * What every object store must do, as tests. `makeStore` gives a store that may still have to be
 * prepared; keys are made below a prefix of this run and removed at its end, the store is closed.
 */
export function storeConformance(name: string, makeStore: () => Promise<Store>): void {
  describe(`store ${name}`, () => {
    const trial = storeTrial(makeStore)
    describeContent(trial)
    describeNames(trial)
    describeRanges(trial)
    describeMismatches(trial)
    describeListing(trial)
    describeRemoval(trial)
    describeKeys(trial)
    describeAborts(trial)

    it('answers a ping', async () => {
      await expect(trial.store().ping()).resolves.toBeUndefined()
    })

    it('can be prepared again, by many at once, without harm', async () => {
      await trial.putBytes('prepared', Buffer.from('x'))
      const store = trial.store()
      await Promise.all([store.prepare(), store.prepare(), store.prepare()])
      expect(String(await trial.read('prepared'))).toBe('x')
    })
  })
}
