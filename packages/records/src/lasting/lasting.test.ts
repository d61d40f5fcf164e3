import { expect, test } from 'vitest'
import { folderOf, keyOf, partsOf, versionOfKey } from './lasting.ts'

test('a version of a thing has a key of its own, by which it is known again', () => {
  const thing = 'functions acme hello.world'
  expect(partsOf(thing)).toEqual(['functions', 'acme', 'hello.world'])
  const key = keyOf(thing, 12)
  expect(key).toBe('lasting/functions/acme/hello.world/0000000012.json.gz')
  expect(key.startsWith(folderOf(thing))).toBe(true)
  expect(versionOfKey(key)).toEqual({ thing, version: 12 })
})

test.each([
  'lasting/functions/acme/hello/12.json.gz',
  'lasting/functions/acme/hello/0000000012.json',
  'lasting/functions/acme/0000000012.json.gz',
  'lasting/others/acme/hello/0000000012.json.gz',
  'builds/functions/acme/hello/0000000012.json.gz',
])('%s is none of ours', (key) => {
  expect(versionOfKey(key)).toBeUndefined()
})
