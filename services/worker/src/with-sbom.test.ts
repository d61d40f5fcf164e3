import { text } from 'node:stream/consumers'
import { folderStore } from '@packline/stores'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { withSbom } from './with-sbom.ts'

const record = { tenant: 'one', function: 'hello' }
const { signal } = new AbortController()
const madeWith = (sbom: string) =>
  ({ status: 'succeeded', sbom, package: { sha256: 'ab' }, report: { schema: 1 } }) as never

async function storeHere() {
  const store = folderStore({ folder: temporaryFolder() })
  await store.prepare()
  return store
}

test('a small one stands in the report, and nothing is stored', async () => {
  const store = await storeHere()
  const { report } = await withSbom(madeWith('{"bomFormat":"CycloneDX"}'), record, store, signal)
  expect(report).toEqual({ schema: 1, sbom: { bomFormat: 'CycloneDX' } })
  expect(await Array.fromAsync(store.list(''))).toEqual([])
})

test('a large one goes to the store, and the report names its key', async () => {
  const store = await storeHere()
  const sbom = JSON.stringify({ components: ['x'.repeat(70_000)] })
  const { report } = await withSbom(madeWith(sbom), record, store, signal)
  expect(report).toEqual({ schema: 1, sbomIn: 'sboms/one/hello/ab.cdx.json' })
  const object = await store.get('sboms/one/hello/ab.cdx.json')
  expect(object && (await text(object.stream))).toBe(sbom)
})
