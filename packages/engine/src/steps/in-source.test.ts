import { expect, test } from 'vitest'
import type { Subject } from '../runtimes/runtime.ts'
import { inSource } from './in-source.ts'

/** Of the third line of a bundle alone, which is the fourth of src/index.ts. */
const MAP = { version: 3, sources: ['src/index.ts'], names: [], mappings: ';;AAGA' }
const subject = { package: { sourceMap: Buffer.from(JSON.stringify(MAP)) } } as Subject

test('a line of a bundle is told as the line of the source that it was made of', () => {
  const answer = { ok: false, message: 'no', path: 'index.js', line: 3 }
  expect(inSource(answer, subject)).toEqual({ ...answer, path: 'src/index.ts', line: 4 })
})

test('what is no line of the source, or of no bundle, stays as it is', () => {
  for (const [path, line] of [
    ['index.js', 2],
    ['index.js', 4],
    ['index.js', undefined],
    ['node_modules/native/index.js', 3],
  ] as const) {
    expect(inSource({ path, line }, subject)).toEqual({ path, line })
  }
  expect(inSource({ path: 'index.js', line: 3 }, { package: {} } as Subject)).toEqual({
    path: 'index.js',
    line: 3,
  })
})
