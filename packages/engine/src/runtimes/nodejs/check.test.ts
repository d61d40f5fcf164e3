import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile } from '../../../../../test/harness/subject.ts'
import { check } from './check.ts'

async function found(files: Record<string, TestFile>, request = {}) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', ...request })
  return check(await subjectOf(order, files))
}
const said = async (files: Record<string, TestFile>, request = {}) =>
  (await found(files, request)).map(({ message }) => message)

test.each([
  ['exports.handler', 'exports.handler = async () => 1'],
  ['module.exports.handler', 'module.exports.handler = function () {}'],
  ['an object', 'const handler = () => 1\nmodule.exports = { handler }'],
  ['another name', 'function run() {}\nmodule.exports = { handler: run }'],
  ['brackets', "exports['handler'] = () => 1"],
  ['export const', 'export const handler = () => 1'],
  ['export function', 'export async function handler() {}'],
  ['export as', 'const x = () => 1\nexport { x as handler }'],
  ['export default', 'const x = { handler() {} }\nexport default x'],
  ['export * from', 'export * from "./lib.js"'],
  ['export from', 'export { handler } from "./lib.js"'],
  ['another module', 'module.exports = require ("./lib")'],
  ['the default of another module', 'import x from "./lib.js"\nexport default x'],
  ['import()', 'module.exports = { get [key]() {} }; import("./x")'],
  ["TypeScript's helper", 'var __exportStar = 1; __exportStar(require("./lib"), exports)'],
  ['a computed name', 'for (const name of ["hand"]) exports[name + "ler"] = () => 1'],
  ['an escaped name', String.raw`exports.h\u0061ndler = () => 1`],
  ['Object.assign', 'Object.assign(exports, made())'],
  ['spread', 'module.exports = { ...made() }'],
  ['a proxy', 'module.exports = new Proxy({}, {})'],
  ['code from text', 'eval(text)'],
  [
    'a minified bundle',
    '(()=>{var e={d:(t,n)=>{for(var r in n)t[r]=n[r]}};e.d(exports,{handler:()=>1})})()',
  ],
])('a handler exported by %s is never called missing', async (_form, text) => {
  expect(await said({ 'index.js': text })).toEqual([])
})

test.each([
  ['another function', 'exports.handle = async () => 1', '; it exports handle'],
  [
    'longer names',
    'exports.handlers = exports.$handler = exports.handler_ = () => 1',
    '; it exports handlers, $handler, handler_',
  ],
  ['nothing', '// an empty file\n', ''],
  [
    'by its own words',
    'export async function main() {}\nexport const 处理 = 1\nif (exports.no == 1) exit()',
    '; it exports main, 处理',
  ],
])('a file that exports %s is told with what there is', async (_what, text, more) => {
  const message = `index.js exports no function "handler"${more}`
  expect(await said({ 'index.js': text })).toEqual([message])
})

test('the initializer is looked for in the same file', async () => {
  const files = { 'index.js': 'exports.handler = () => 1' }
  expect(await found(files, { initializer: 'index.start' })).toMatchObject([
    {
      rule: 'initializer',
      message: 'index.js exports no function "start"; it exports handler',
      hint: 'Add `exports.start = async (context) => { ... }`, or name another function.',
    },
  ])
})

test('names may have signs that mean something in patterns', async () => {
  const files = { 'index.js': 'exports.$handler$ = () => 1\nexports.处理 = () => 1' }
  expect(await said(files, { handler: 'index.$handler$' })).toEqual([])
  expect(await said(files, { handler: 'index.处理' })).toEqual([])
  expect(await said(files, { handler: 'index.处' })).toHaveLength(1)
})

test('of several extensions the one that is loaded is looked at', async () => {
  const files = { 'index.cjs': 'exports.other = 1', 'index.js': 'exports.handler = () => 1' }
  expect(await said(files)).toEqual([])
})

test('links, missing files and HTTP functions are left to others', async () => {
  const linked = { 'index.js': { linkTarget: 'lib/a.js' }, 'lib/a.js': 'exports.handler = 1' }
  expect(await said(linked)).toEqual([])
  expect(await said({ 'main.js': '' })).toEqual([])
  expect(await said({ 'index.js': '' }, { type: 'http', handler: undefined })).toEqual([])
})
