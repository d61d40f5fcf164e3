import { expect, test } from 'vitest'
import { parseHandler } from './handler.ts'

test.each([
  ['index.handler', 'index', 'handler'],
  ['src/index.handler', 'src/index', 'handler'],
  ['my-file_1.$main', 'my-file_1', '$main'],
  ['主.处理', '主', '处理'],
  ['हिन्दी.नाम', 'हिन्दी', 'नाम'],
  ['e\u0301.e\u0301', 'e\u0301', 'e\u0301'],
  ['index.𠮷', 'index', '𠮷'],
])('%s is file and function', (text, file, name) => {
  const expected = { form: 'file.function', file, function: name }
  expect(parseHandler(text, ['file.function'])).toEqual(expected)
})

test.each([
  'index',
  '.handler',
  'index.',
  '/index.handler',
  'a/../b.c',
  'a b.c',
  'a..b',
  'index.2x',
])('%s is no file and function', (text) => {
  expect(parseHandler(text, ['file.function'])).toBeUndefined()
})

test('a Java handler is class and method, with or without a package', () => {
  const java = (text: string) => parseHandler(text, ['package.Class.method'])
  expect(java('com.example.Hello.handle')).toMatchObject({
    class: 'com.example.Hello',
    method: 'handle',
  })
  expect(java('Hello.handle')).toMatchObject({ class: 'Hello', method: 'handle' })
  expect(java('handle')).toBeUndefined()
  expect(java('com.example.Hello#handle')).toBeUndefined()
})

test('Go: a symbol in upper case is a plugin, a bare name an executable', () => {
  const go = (text: string) => parseHandler(text, ['name.Symbol', 'file'])
  expect(go('hello.Handler')).toEqual({ form: 'name.Symbol', name: 'hello', symbol: 'Handler' })
  expect(go('hello')).toEqual({ form: 'file', file: 'hello' })
  expect(go('hello.handler')).toBeUndefined()
  expect(go('dir/hello')).toBeUndefined()
})

test('the custom runtime hands any text to its program, but no control characters', () => {
  expect(parseHandler('anything goes: 好', ['any'])).toEqual({
    form: 'any',
    text: 'anything goes: 好',
  })
  expect(parseHandler('a\nb', ['any'])).toBeUndefined()
})

test('no text takes longer to be refused than to be read', () => {
  const started = performance.now()
  for (const text of ['a/'.repeat(512), `${'a.'.repeat(511)}!`, '-'.repeat(1024)]) {
    const forms = ['file.function', 'package.Class.method', 'name.Symbol', 'file'] as const
    expect(parseHandler(text, forms)).toBeUndefined()
  }
  expect(performance.now() - started).toBeLessThan(1000)
})
