import { text } from 'node:stream/consumers'
import { folderStore } from '@packline/stores'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { withSbom } from './with-sbom.ts'

const KEY = 'packages/one/hello/ab.cdx.json'
const { signal } = new AbortController()
const madeWith = (sbom: string) =>
  ({
    status: 'succeeded',
    sbom,
    package: { key: 'packages/one/hello/ab.zip' },
    report: { schema: 1 },
  }) as never

const claimed: string[][] = []
const claim = async (keys: string[]) => {
  claimed.push(keys)
}

async function storeHere() {
  const store = folderStore({ folder: temporaryFolder() })
  await store.prepare()
  return store
}

test('a small one stands in the report, and nothing is stored', async () => {
  const store = await storeHere()
  const { report } = await withSbom(madeWith('{"bomFormat":"CycloneDX"}'), store, claim, signal)
  expect(report).toEqual({ schema: 1, sbom: { bomFormat: 'CycloneDX' } })
  expect(await Array.fromAsync(store.list(''))).toEqual([])
})

test('a large one lies beside its package, claimed before, and the report names its key', async () => {
  const store = await storeHere()
  const sbom = JSON.stringify({ components: ['x'.repeat(70_000)] })
  const { report } = await withSbom(madeWith(sbom), store, claim, signal)
  expect(report).toEqual({ schema: 1, sbomIn: KEY })
  const object = await store.get(KEY)
  expect(object && (await text(object.stream))).toBe(sbom)
  expect(claimed).toEqual([[KEY]])
})
