import { expect, test } from 'vitest'
import { importsOf } from './imports.ts'

const asked = (text: string, kind: 'module' | 'script' = 'script') =>
  importsOf(text, kind)?.map(({ name, line, isGuarded }) => [name, line, isGuarded])

test.each([
  ["import 'a'", 'import'],
  ["import a from 'a'", 'import'],
  ["import { x as y } from 'a'", 'import'],
  ["import data from 'a' with { type: 'json' }", 'import'],
  ["export * from 'a'", 'import'],
  ["export * as all from 'a'", 'import'],
  ["export { x } from 'a'", 'import'],
  ["await import('a')", 'import'],
  ["const x = require('a')", 'require'],
  ['const x = require(`a`)', 'require'],
  ["const x = __require('a')", 'require'],
  ["#!/usr/bin/env node\nrequire('a')", 'require'],
  ["return require('a')", 'require'],
  ["class A { static #b = require('a'); static { using(1) } }", 'require'],
  ["using x = require('a')", 'require'],
])('%s', (text, by) => {
  expect(importsOf(text, by === 'import' ? 'module' : 'script')).toMatchObject([{ name: 'a', by }])
})

test('a file that is read as the other kind is read all the same', () => {
  expect(asked("import 'a'", 'script')).toEqual([['a', 1, false]])
  expect(asked("with (x) { require('a') }", 'module')).toEqual([['a', 1, false]])
})

test('lines are counted from one', () => {
  expect(asked("\nrequire('a')\n/*\n*/ import('b')")).toEqual([
    ['a', 2, false],
    ['b', 4, false],
  ])
})

test.each([
  "try { require('a') } catch {}",
  "try { if (x) { f(() => require('a')) } } catch (error) { log(error) }",
  "import('a').catch(() => undefined)",
  "import('a').then((x) => x.y, () => undefined)",
  "try { await import('a') } catch {}",
])('%s is caught', (text) => {
  expect(asked(text, 'module')).toEqual([['a', 1, true]])
})

test.each([
  "try { f() } catch { require('a') }",
  "try { f() } finally { require('a') }",
  "try { require('a') } finally { f() }",
  "import('a').then((x) => x.y)",
  "f(require('a')).then(g)",
])('%s is not', (text) => {
  expect(asked(text)).toEqual([['a', 1, false]])
})

test.each([
  'require(name)',
  `require(\`./\${name}\`)`,
  'import(name)',
  'require()',
  "other.require('a')",
  "// require('a')",
  "'require(\\'a\\')'",
  "(function (require, module) { require('a') })",
  "[(require) => require('a')]",
  'exports.x = 1',
  'export const x = 1',
])('%s asks for nothing that can be known', (text) => {
  expect(asked(text)).toEqual([])
})

test('what does not parse is left to its load', () => {
  expect(asked("const = require('a')")).toBeUndefined()
})
