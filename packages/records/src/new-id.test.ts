import { expect, test } from 'vitest'
import { idBorder, newId, timeOfId } from './new-id.ts'

test('ids sort as they were made, also within a millisecond', () => {
  const ids = Array.from({ length: 10_000 }, () => newId('b'))
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
})

test('ids sort as they were made when the clock goes back', () => {
  const later = newId('b', Date.now() + 50)
  expect(newId('b', Date.now() - 5000) > later).toBe(true)
})

test('ids are what BullMQ takes: no colon, not only digits', () => {
  expect(newId('b')).toMatch(/^b[0-9a-hjkmnp-tv-z]{26}$/)
  expect(newId('batch')).toMatch(/^batch[0-9a-hjkmnp-tv-z]{26}$/)
})

test('the border of a time lies between the ids before and after it', () => {
  const time = Date.now() + 1000
  const before = newId('b', time - 1)
  const at = newId('b', time)
  const border = idBorder('b', new Date(time))
  expect(before < border).toBe(true)
  expect(border <= at).toBe(true)
  expect(idBorder('b', new Date(-1))).toBe('b0000000000')
})

test('an id tells when it was made', () => {
  const time = Date.now() + 2000
  expect(timeOfId(newId('batch', time)).getTime()).toBe(time)
})
