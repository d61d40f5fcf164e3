import { LIMITS } from '@packline/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toChunks } from './log-chunks.ts'

const most = LIMITS.logChunkBytesMax

describe('log chunks', () => {
  test('hold whole lines as long as they fit', () => {
    expect(toChunks([])).toEqual([])
    expect(toChunks(['one', '', 'two'])).toEqual(['one\n\ntwo\n'])
    const half = 'x'.repeat(most / 2 - 1)
    expect(toChunks([half, half, 'next'])).toEqual([`${half}\n${half}\n`, 'next\n'])
  })

  test('of a line of any length are cut between characters', () => {
    for (const text of ['你', '🙂', 'é', 'x']) {
      for (const before of ['', 'a', 'ab', 'abc']) {
        const line = before + text.repeat((3 * most) / Buffer.byteLength(text))
        const chunks = toChunks([line])
        expect(chunks.join('')).toBe(`${line}\n`)
        expect(chunks.join('')).not.toContain('\ufffd')
      }
    }
  })

  test('are never larger than the limit nor empty, and lose nothing', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 50 }),
      fc.string({ unit: 'grapheme', minLength: 5000, maxLength: 30_000, size: 'max' }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const chunks = toChunks(lines)
        expect(chunks.join('')).toBe(lines.map((each) => `${each}\n`).join(''))
        for (const chunk of chunks) {
          expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(most)
          expect(chunk).not.toBe('')
        }
      }),
      { numRuns: 30 },
    )
  })
})
