import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { entryOf, inTurns } from './contents.ts'

describe('an entry', () => {
  test.each([
    ['text', Buffer.from('你好\n'), undefined],
    ['no bytes', Buffer.alloc(0), undefined],
    ['a zero byte', Buffer.from('a\0b'), true],
    ['what is no UTF-8', Buffer.from([0xff, 0xfe, 0x61]), true],
    ['a character that is cut', Buffer.from('好').subarray(0, 2), true],
  ])('of %s says whether it is binary', (_what, bytes, binary) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const entry = entryOf({ bytes })
    expect(entry).toEqual({ kind: 'file', size: bytes.length, sha256, ...(binary && { binary }) })
  })

  test('says that it may be run only where it may', () => {
    const bytes = Buffer.from('#!/bin/sh\n')
    expect(entryOf({ bytes, executable: true }).executable).toBe(true)
    expect(entryOf({ bytes, executable: false })).not.toHaveProperty('executable')
  })
})

describe('work in turns', () => {
  test('is done once for each, so many at a time', async () => {
    let now = 0
    let most = 0
    const done: number[] = []
    await inTurns([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      now += 1
      most = Math.max(most, now)
      await new Promise((go) => setImmediate(go))
      now -= 1
      done.push(item)
    })
    expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(most).toBe(3)
  })

  test('ends with the first fault, when all that had begun is over', async () => {
    const ended: number[] = []
    const work = inTurns([1, 2, 3], 2, async (item) => {
      if (item === 1) throw new Error('the first')
      await new Promise((go) => setImmediate(go))
      ended.push(item)
    })
    await expect(work).rejects.toThrow('the first')
    expect(ended).toContain(2)
  })

  test('of nothing is nothing', async () => {
    await inTurns([], 4, () => Promise.reject(new Error('never')))
  })
})
