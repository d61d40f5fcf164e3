import { expect, test } from 'vitest'
import { refuseManyValues } from './refuse-many-values.ts'

const bytes = (text: string) => Buffer.from(text)
const list = (count: number, item: string) => `[${Array(count).fill(item).join(',')}]`

test.each([
  ['a long list', list(1_100_000, '1')],
  ['many objects', list(600_000, '{}')],
  ['deep lists', `${'['.repeat(1_100_000)}${']'.repeat(1_100_000)}`],
  ['deep objects', '{"a":'.repeat(1_100_000)],
  ['a list behind a text with an escaped quote', `["\\"",${list(1_100_000, '1')}]`],
  ['a list behind a text that ends with a backslash', `["\\\\",${list(1_100_000, '1')}]`],
])('%s is refused', (_what, text) => {
  expect(() => refuseManyValues(bytes(text))).toThrow(
    expect.objectContaining({ code: 'BODY_TOO_LARGE' }),
  )
})

test.each([
  ['a small body, whatever it holds', '['.repeat(1_000_000)],
  ['a text of signs that count outside of texts', JSON.stringify('{[,"\\'.repeat(1_000_000))],
  ['many texts', list(100_000, JSON.stringify('x,y{z}"'.repeat(10)))],
])('%s is let through', (_what, text) => {
  expect(() => refuseManyValues(bytes(text))).not.toThrow()
})
