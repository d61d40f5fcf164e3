import { type DraftView, PacklineError } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { checkOpen, matchOf, tellingVersion } from './made-on.ts'

const entry = { path: 'a.js', kind: 'file', size: 4, executable: false, binary: false } as const
const DRAFT: DraftView = {
  version: 7,
  etag: '"seven"',
  editable: true,
  files: 1,
  size: 4,
  entries: [entry],
}
const client = { draft: async () => DRAFT }

describe('a change', () => {
  test('is made on the version that was named, on whatever there is, or on nothing', async () => {
    expect(await matchOf(client, 'hello', {})).toEqual({})
    expect(await matchOf(client, 'hello', { over: 7 })).toEqual({ ifMatch: '"seven"' })
    expect(await matchOf(client, 'hello', { force: true })).toEqual({ ifMatch: '*' })
    expect(await matchOf(client, 'hello', { force: true }, 'a.js')).toEqual({ ifMatch: '*' })
    expect(await matchOf(client, 'hello', { force: true }, 'new.js')).toEqual({})
  })

  test('of another version is told the one there is', async () => {
    await expect(matchOf(client, 'hello', { over: 6 })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      current: { version: 7 },
      hint: expect.stringContaining('--over 7'),
    })
  })
})

describe('a refusal', () => {
  const current = { version: 7 }

  test.each([
    [{ at: 'a.js', current }, 'a.js is there already'],
    [{ current }, 'The draft of hello is there already'],
  ])('for want of a version says which one there is: %j', async (options, message) => {
    const refused = tellingVersion('hello', () =>
      Promise.reject(new PacklineError('PRECONDITION_REQUIRED', 'no If-Match', options)),
    )
    await expect(refused).rejects.toMatchObject({
      code: 'PRECONDITION_REQUIRED',
      message,
      hint: 'Look at version 7 first (packline functions files ls hello), then say --over 7.',
    })
  })

  test('for something else is passed on', async () => {
    const error = new PacklineError('NOT_FOUND', 'no function')
    await expect(tellingVersion('hello', () => Promise.reject(error))).rejects.toBe(error)
  })
})

test('a draft that can not be edited is told with what there is to do', () => {
  checkOpen('hello', DRAFT)
  const closed = { ...DRAFT, editable: false, reason: 'compiled' }
  expect(() => checkOpen('hello', closed)).toThrow(
    expect.objectContaining({
      message: 'compiled',
      hint: expect.stringContaining(' build hello '),
    }),
  )
  expect(() => checkOpen('hello', { ...closed, upload: 'u' })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining(' import hello ZIP --force') }),
  )
})
