import { expect, test } from 'vitest'
import { makePlacesByHost } from './places-by-host.ts'

test('one host takes no more than its places, and leaves the others theirs', () => {
  const enter = makePlacesByHost(2)
  const [first, second] = [enter('slow'), enter('slow')]
  expect(first && second).toBeDefined()
  expect(enter('slow')).toBeUndefined()
  expect(enter('other')).toBeDefined()
  first?.()
  expect(enter('slow')).toBeDefined()
  expect(enter('slow')).toBeUndefined()
})
