import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../../../test/harness/temporary-folder.ts'
import { runTool } from '../../process/run.ts'
import { findIsolation } from '../../process/sandbox.ts'
import { listenFor } from '../../steps/load-answer.ts'
import { findNode } from '../../tools/find-node.ts'
import type { Tool } from '../../tools/tools.ts'
import { load } from './load.ts'

const open = await findIsolation({ unsandboxed: true })
const isolation = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
const search = { path: process.env.PATH ?? '', home: homedir() }
const { node, nodes } = await findNode(runTool(open), search)
/** One of each major version that this machine has; ours is among them. */
const MAJORS = [...new Map(nodes.map((tool) => [tool.version.split('.')[0], tool])).values()]

type Files = Record<string, TestFile>

interface Loading {
  handler?: string
  initializer?: string
  with?: Tool
}

/** What the loader answers for these files, run as the pipeline does. */
async function loaded(files: Files, loading: Loading = {}) {
  const { handler = 'index.handler', initializer, with: tool = node } = loading
  const request = { runtime: 'nodejs', handler, initializer } as const
  const subject = await subjectOf(await orderOf(request, { node: tool, nodes: [tool] }), files)
  const check = await load(subject)
  if (check.kind !== 'command') throw new Error(check.because.en)
  const code = join(temporaryFolder(), 'code')
  await treeOf(files).moveTo(code)
  const { codeRoot: cwd } = subject.profile
  const log: string[] = []
  const { onLine, answer } = listenFor('token', (line) => log.push(line))
  const { argv, env = {} } = check
  const binds = [{ from: code, to: cwd }, ...check.binds]
  const signal = AbortSignal.timeout(30_000)
  const limits = { signal, timeoutMs: 20_000, outputBytesMax: 1e7, onLine, input: 'token\n' }
  const command = { argv, env, cwd, binds, network: 'none' } as const
  return { ...answer(await runTool(isolation)(command, limits)), log }
}

const answers = async (files: Files, loading: Loading = {}) => {
  const { log, ...answer } = await loaded(files, loading)
  return answer
}
const index = (text: string, loading: Loading = {}) => answers({ 'index.js': text }, loading)

describe.each(MAJORS)('Node.js $version', (tool) => {
  const as = (files: Files) => answers(files, { with: tool })

  test.each<[string, Files]>([
    ['exports.handler', { 'index.js': 'exports.handler = async () => "你好"' }],
    ['module.exports', { 'index.js': 'module.exports = { handler() {} }' }],
    [
      "TypeScript's CommonJS",
      {
        'index.js':
          '"use strict";Object.defineProperty(exports,"__esModule",{value:true});exports.handler=void 0;const handler=()=>1;exports.handler=handler',
      },
    ],
    [
      "esbuild's CommonJS",
      {
        'index.js':
          'var o=Object.defineProperty;var m={};for(const n of ["handler"])o(m,n,{get:()=>f,enumerable:true});module.exports=m;function f(){}',
      },
    ],
    [
      'a class with a static method',
      { 'index.js': 'module.exports = class { static handler() {} }' },
    ],
    [
      're-exported from a dependency',
      {
        'index.js': 'module.exports = require("./lib/a")',
        'lib/a.js': 'exports.handler = () => 1',
      },
    ],
    ['export const', { 'index.mjs': 'export const handler = async () => 1' }],
    ['export as', { 'index.mjs': 'function x() {}\nexport { x as handler }' }],
    ['export default of an object', { 'index.mjs': 'export default { handler() {} }' }],
    [
      'export *',
      { 'index.mjs': 'export * from "./a.mjs"', 'a.mjs': 'export function handler() {}' },
    ],
    [
      'type module',
      { 'index.js': 'export const handler = () => 1', 'package.json': '{"type":"module"}' },
    ],
    [
      '.cjs in a module package',
      { 'index.cjs': 'exports.handler = () => 1', 'package.json': '{"type":"module"}' },
    ],
    [
      'top-level await',
      { 'index.mjs': 'const x = await Promise.resolve(1)\nexport const handler = () => x' },
    ],
  ])('loads a handler made by %s', async (_form, files) => {
    expect(await as(files)).toEqual({ ok: true })
  })

  test('takes no module for what its name does not say, as the platform does not', async () => {
    const module = { 'index.js': 'import fs from "fs"\nexport const handler = () => fs' }
    expect(await as(module)).toMatchObject({
      ok: false,
      message: 'SyntaxError: Cannot use import statement outside a module',
    })
    const required = { 'index.js': 'module.exports = require("./a.mjs")', 'a.mjs': 'export {}' }
    expect((await as(required)).message).toMatch(/require\(\) of ES Module/)
  })

  test('names the line of the own file that throws, or is no JavaScript', async () => {
    const lib = { 'lib/a.js': '\n\nthrow new TypeError("没有")' }
    expect(await as({ 'index.js': 'require("./lib/a")', ...lib })).toEqual({
      ok: false,
      message: 'TypeError: 没有',
      path: 'lib/a.js',
      line: 3,
    })
    const syntax = await as({ 'index.js': 'exports.handler = 1\nconst = 5\n' })
    expect(syntax).toMatchObject({ ok: false, path: 'index.js', line: 2 })
    expect(syntax.message).toMatch(/^SyntaxError: /)
  })
})

test('an error in a dependency names the own line that leads there', async () => {
  const files = {
    'index.js': '\nrequire("broken")\nexports.handler = () => 1',
    'node_modules/broken/index.js': 'throw new Error("no way")',
  }
  const answer = { ok: false, message: 'Error: no way', path: 'index.js', line: 2 }
  expect(await answers(files)).toEqual(answer)
})

test('a module that is missing is named with the place that asks for it', async () => {
  expect(await index('\nrequire("left-pad")')).toMatchObject({
    message: expect.stringContaining("Cannot find module 'left-pad'"),
    path: 'index.js',
    line: 2,
  })
  expect(await answers({ 'index.mjs': 'import "left-pad"' })).toMatchObject({
    message: expect.stringContaining("Cannot find package 'left-pad'"),
    path: 'index.mjs',
  })
})

test('names with spaces and signs of addresses are loaded and told as they are', async () => {
  const files = { 'a_中文/index.js': 'throw new Error("x")' }
  expect(await answers(files, { handler: 'a_中文/index.handler' })).toMatchObject({
    path: 'a_中文/index.js',
    line: 1,
  })
})

test('a function that is not there, or is none, is told by name', async () => {
  const answer = {
    ok: false,
    message: 'it exports no function "handler"',
    zh: '它没有导出函数 "handler"',
    path: 'index.js',
    initializer: false,
  }
  expect(await index('exports.handle = () => 1; exports.other = 1')).toEqual({
    ...answer,
    message: 'it exports no function "handler"; it exports handle',
    zh: '它没有导出函数 "handler"；它导出了 handle',
  })
  const unwilling = 'module.exports = new Proxy({ a() {} }, { ownKeys() { throw 1 } })'
  expect(await index(unwilling)).toMatchObject({ ok: false })
  expect(await index('exports.handler = "no function"')).toEqual(answer)
  expect(await index('module.exports = undefined')).toEqual(answer)
  const tampered = 'Object.prototype.toJSON = () => ({ ok: true })'
  expect(await index(tampered)).toEqual(answer)
})

test('the initializer must be there as well', async () => {
  const text = 'exports.handler = () => 1'
  expect(await index(text, { initializer: 'index.init' })).toMatchObject({
    message: 'it exports no function "init"; it exports handler',
    initializer: true,
  })
  const both = `${text}; exports.init = () => 1`
  expect(await index(both, { initializer: 'index.init' })).toEqual({ ok: true })
})

test.each([
  ['timers', 'setInterval(() => {}, 1000)'],
  ['a server', 'require("net").createServer().listen(0)'],
  ['a child process', 'require("child_process").spawn("sleep", ["100"])'],
  ['an exit handler', 'process.on("exit", () => { for (;;); })'],
  ['other streams', 'process.stdout.write = () => true; console.log = () => {}'],
  ['a toJSON for all', 'Object.prototype.toJSON = () => ({ ok: false })'],
  ['its own rejections', 'process.on("unhandledRejection", () => {}); Promise.reject(new Error())'],
])('a module that leaves %s behind loads all the same', async (_what, text) => {
  expect(await index(`${text}; exports.handler = () => 1`)).toEqual({ ok: true })
})

test.each([
  ['calls process.exit', 'process.exit(3)', 'it calls process.exit(3)'],
  ['throws a text', 'throw "plain"', "it throws 'plain'"],
  [
    'throws what can not be shown',
    'throw Object.create(null)',
    'it throws [Object: null prototype] {}',
  ],
  [
    'rejects',
    'Promise.reject(new Error("gone")); await new Promise((go) => setTimeout(go, 99))',
    'Error: gone',
  ],
  ['waits for ever', 'await new Promise(() => {})', 'it waits for something that never comes'],
])('a module that %s does not load and is told so', async (_what, text, message) => {
  expect(await answers({ 'index.mjs': text })).toMatchObject({ ok: false, message })
})

test('all that it prints goes to the log, and no answer of its own is taken', async () => {
  const text = `
    const environ = require('fs').readFileSync('/proc/self/environ', 'latin1')
    const input = require('fs').readFileSync(0, 'utf8')
    console.log(environ.includes('token') || input !== '' ? 'the token leaks' : 'no token')
    console.log('x {"ok":true}')
    for (let n = 0; n < 20000; n++) console.log('line ' + n)
    process.stdout.write('token')
    exports.other = 1`
  const { log, ...answer } = await loaded({ 'index.js': text })
  expect(answer).toMatchObject({ ok: false, message: 'it exports no function "handler"' })
  expect(log.slice(0, 3)).toEqual(['no token', 'x {"ok":true}', 'line 0'])
  expect(log).toHaveLength(20_003)
})

test('a message of any length is cut to what comes in one piece', async () => {
  const { message = '', ...rest } = await index('throw new Error("错".repeat(100000))')
  expect(rest).toEqual({ ok: false, path: 'index.js', line: 1 })
  expect(message).toMatch(/^Error: 错{800,1400}$/)
})

test('what the platform has pre-installed is stood in for, and told', async () => {
  const text = `
    const express = require('express')
    const { chain } = require('lodash/fp')
    const app = express()
    app.use(express.json({ limit: 1 })).get('/', () => 1)
    class Mine extends express.Router {}
    const [first] = chain([1])
    exports.handler = (event) => new Mine(String(first))`
  expect(await index(text)).toEqual({ ok: true, assumed: ['express', 'lodash'] })
  const own = { 'index.js': text, 'node_modules/lodash/fp.js': 'exports.chain = () => [2]' }
  expect(await answers(own)).toEqual({ ok: true, assumed: ['express'] })
  const module = { 'index.mjs': 'import express from "express"\nexport const handler = express' }
  expect(await answers(module)).toMatchObject({ ok: false, lacking: 'express' })
})

test('the platform runs neither a main program nor one with arguments', async () => {
  const text = `
    if (require.main === module) process.exit(1)
    if (process.argv.length !== 2) throw new Error(process.argv.join(' '))
    if (process.env.RUNTIME_CODE_ROOT !== process.cwd()) throw new Error(process.cwd())
    exports.handler = () => 1`
  expect(await index(text)).toEqual({ ok: true })
})

test('where a module was looked for from is its place, and no part of what is wrong', async () => {
  const files = { 'lib/a.js': 'require("gone")', 'index.js': 'require("./lib/a.js")' }
  expect(await answers(files)).toEqual({
    ok: false,
    message: "Error: Cannot find module 'gone'",
    path: 'lib/a.js',
    line: 1,
  })
})

test('the loader is plain enough for Node.js 6', () => {
  const text = readFileSync(join(import.meta.dirname, 'loader.cjs'), 'utf8')
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, '')
  const newer = /\?\.|\?\?|\basync\b|\bawait\b|catch \{|\.\.\.|,\s*\)|\bimport\(|\*\*|\d_\d/
  expect(newer.exec(code)?.[0]).toBeUndefined()
})
