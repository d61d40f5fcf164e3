import { expect, test } from 'vitest'
import { manifestLineOf, manifestLineSchema } from './batch-manifest.ts'
import type { BuildView } from './record.ts'

const BUILD = { id: 'b1', function: 'hello', state: 'succeeded' } as BuildView
const MADE: NonNullable<BuildView['package']> = {
  key: 'packages/one/hello/a.zip',
  address: 's3://packline/packages/one/hello/a.zip',
  format: 'zip',
  size: 9,
  sha256: 'a'.repeat(64),
  entries: 1,
  unpackedSize: 9,
}

test('a line names both places of a package that was copied to where functions take it from', () => {
  const deployFrom = 'https://code.obs.example/one/hello/a.zip'
  const line = manifestLineOf({ ...BUILD, package: { ...MADE, deployFrom } }, 'hello.zip')
  expect(line).toMatchObject({ address: MADE.address, deployFrom, file: 'hello.zip' })
  expect(manifestLineSchema.parse(line)).toEqual(line)
  expect(manifestLineOf({ ...BUILD, package: MADE }).deployFrom).toBeUndefined()
})

test('a build without a package has no place, nor a file in the ZIP', () => {
  const line = manifestLineOf({ ...BUILD, state: 'cancelled', cancelReason: 'late' }, 'hello.zip')
  expect(JSON.parse(JSON.stringify(line))).toEqual({
    id: 'b1',
    function: 'hello',
    state: 'cancelled',
    cancelReason: 'late',
  })
})
