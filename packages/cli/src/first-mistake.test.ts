import { buildRequestSchema } from '@packline/shared'
import { expect, test } from 'vitest'
import { firstMistake } from './first-mistake.ts'
import { checkedRequest } from './request-fields.ts'

const HELLO = { function: 'hello', runtime: 'go', source: { kind: 'inline', files: { a: 'x' } } }

function mistakeIn(given: unknown) {
  const { error } = buildRequestSchema.safeParse(given)
  return error && firstMistake(error, given)
}

test('a mistake in a request is told with its place in both languages', () => {
  expect(mistakeIn({ ...HELLO, build: { timeoutSeconds: 0 } })).toEqual({
    en: 'build.timeoutSeconds: expected number to be >=1; found 0',
    zh: 'build.timeoutSeconds：应不小于 1；实际为 0',
  })
  expect(mistakeIn({ ...HELLO, colour: 'red' })?.zh).toBe('此处没有 "colour"')
})

test("the function's name is told by its option", () => {
  expect(mistakeIn({ ...HELLO, function: '1' })?.zh).toMatch(/^--name：应以字母开头.*"1"$/)
})

test('what the options ask for is refused in Chinese, too', () => {
  const refused = { code: 'INVALID_REQUEST', zh: { detail: 'version：应为字符串；实际为 7' } }
  expect(() => checkedRequest({ ...HELLO, version: 7 })).toThrow(expect.objectContaining(refused))
})
