import { describe, expect, test } from 'vitest'
import { parseManifest } from './parse-manifest.ts'

const GOOD = `functions:
  hello:
    runtime: nodejs
    handler: index.handler
    path: functions/hello
    shared: [lib, package.json]
`

test('a manifest is read, with what it does not say filled in', () => {
  expect(parseManifest(GOOD, 'packline.yaml').functions.hello).toMatchObject({
    runtime: 'nodejs',
    path: 'functions/hello',
    shared: ['lib', 'package.json'],
    type: 'event',
    build: { load: true },
  })
})

describe('a mistake is told with file and line:', () => {
  test.each([
    ['no YAML', 'functions:\n  a: [\n', /^packline\.yaml:\d+: /],
    ['a key twice', 'functions:\n  a: {runtime: go}\n  a: {runtime: go}\n', /yaml:3: .*unique/],
    ['nothing', '', /yaml:1: expected object; found null/],
    [
      'another word',
      `${GOOD}    handlr: x\n`,
      /yaml:7: functions\.hello: there is no "handlr" here/,
    ],
    [
      'a wrong runtime',
      GOOD.replace('nodejs', 'node'),
      /yaml:3: functions\.hello\.runtime: expected /,
    ],
    [
      'a missing runtime',
      'functions:\n  one:\n    handler: a\n',
      /yaml:2: functions\.one\.runtime: /,
    ],
    ['a path that leads out', GOOD.replace('functions/hello', '../x'), /yaml:5: .*\.path: must be/],
    [
      'a shared path of a list',
      GOOD.replace('lib,', 'lib, /etc,'),
      /yaml:6: .*\.shared\[1\]: must/,
    ],
    ['a name of a function', 'functions:\n  1a: {runtime: go}\n', /yaml:2: functions\.1a: must be/],
    ['no function', 'functions: {}\n', /yaml:1: functions: must list at least one function/],
    [
      'a source',
      `${GOOD}    source: {kind: git}\n`,
      /yaml:7: functions\.hello: there is no "source"/,
    ],
    ['a name of JavaScript’s own', `${GOOD}  __proto__: {runtime: go}\n`, /__proto__/],
  ])('%s', (_what, text, message) => {
    const read = () => parseManifest(text, 'packline.yaml')
    expect(read).toThrow(message)
    expect(read).toThrow(expect.objectContaining({ code: 'MANIFEST_INVALID' }))
  })

  test.each([
    [`${GOOD}    handlr: x\n`, 'packline.yaml:7：functions.hello：此处没有 "handlr"'],
    [`${GOOD}  __proto__: {runtime: go}\n`, 'packline.yaml：functions.__proto__：不能使用这个名称'],
  ])('in Chinese, too (%#)', (text, detail) => {
    const told = expect.objectContaining({ zh: expect.objectContaining({ detail }) })
    expect(() => parseManifest(text, 'packline.yaml')).toThrow(told)
  })

  test('aliases that multiply are refused, not followed', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (let n = 1; n < 9; n++) {
      const [name, before] = ['abcdefghi'[n], 'abcdefghi'[n - 1]]
      lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`)
    }
    expect(() => parseManifest(lines.join('\n'), 'packline.yaml')).toThrow(
      /packline\.yaml: .*alias/,
    )
  })
})
