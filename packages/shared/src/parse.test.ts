import { batchRequestSchema, buildRequestSchema, FAILURES_ZH } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { pageQuery } from './page-query.ts'
import { parse } from './parse.ts'
import { batchesQuery, buildsQuery } from './query.ts'

const hello = {
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'x' } },
}

function mistakeOf(work: () => unknown) {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

describe('a request', () => {
  test('that is right comes back with what it left out', () => {
    expect(parse(buildRequestSchema, hello, 'the body')).toMatchObject({
      type: 'event',
      architecture: 'x86_64',
      build: { load: true, timeoutSeconds: 900 },
    })
  })

  test.each([
    [
      { ...hello, runtime: 'ruby' },
      'UNKNOWN_RUNTIME',
      'runtime',
      /expected "nodejs".*found "ruby"/,
    ],
    [{ ...hello, runtime: null }, 'INVALID_REQUEST', 'runtime', /found null/],
    [{ ...hello, function: '1st' }, 'INVALID_REQUEST', 'function', /a letter.*found "1st"/],
    [
      { ...hello, source: undefined },
      'INVALID_REQUEST',
      'source',
      /expected object; found nothing/,
    ],
    [{ ...hello, source: [] }, 'INVALID_REQUEST', 'source', /found a list of 0/],
    [{ ...hello, labels: { 'a b': 'x' } }, 'INVALID_REQUEST', 'labels.a b', /must be 1 to 64 of/],
    [
      { ...hello, source: { kind: 'inline', files: { 'a.js': 5 } } },
      'INVALID_REQUEST',
      'source.files.a.js',
      /expected string; found 5/,
    ],
    [
      { ...hello, build: { timeoutSeconds: 1e308 } },
      'INVALID_REQUEST',
      'build.timeoutSeconds',
      /found 1e\+308 \(and 1 more\)/,
    ],
    [
      { ...hello, build: { timeoutSeconds: 1.5 } },
      'INVALID_REQUEST',
      'build.timeoutSeconds',
      /expected int; found 1\.5/,
    ],
    [
      { ...hello, build: { load: {} } },
      'INVALID_REQUEST',
      'build.load',
      /expected boolean; found an object/,
    ],
    ['text', 'INVALID_REQUEST', undefined, /^the body: expected object; found "text"/],
  ])('%j is refused with code, place, what was expected and found', (given, code, at, detail) => {
    const mistake = mistakeOf(() => parse(buildRequestSchema, given, 'the body'))
    expect(mistake).toMatchObject({ code, at, message: expect.stringMatching(detail) })
  })

  test.each([
    [
      { ...hello, labels: { 'a b': 'x' } },
      'labels.a b：应为 1 到 64 个以下字符：A-Z a-z 0-9 _ . -',
    ],
    [{ ...hello, function: 7 }, 'function：应为字符串；实际为 7'],
    [{ ...hello, source: undefined }, 'source：应为对象；实际为空缺'],
    [{ ...hello, version: 'x'.repeat(65) }, /^version：最多 64 个字符；实际为 "x+\.\.\."$/],
    [
      { ...hello, dependencies: Array(101).fill('a') },
      'dependencies：最多 100 项；实际为有 101 项的列表',
    ],
    [{ ...hello, build: { timeoutSeconds: 0 } }, 'build.timeoutSeconds：应不小于 1；实际为 0'],
    [{ ...hello, test: { event: {}, extra: 1 } }, 'test：此处没有 "extra"'],
    [
      { ...hello, source: { kind: 'inline', files: { a: 'x', 'a/b': 'y' } } },
      'source.files："a" 和 "a/b" 不能同在一个部署包中；实际为一个对象',
    ],
  ])('%j is refused in Chinese, too', (given, detail) => {
    const mistake = mistakeOf(() => parse(buildRequestSchema, given, 'the body'))
    const said = typeof detail === 'string' ? detail : expect.stringMatching(detail)
    expect(mistake).toMatchObject({ zh: { detail: said } })
  })

  test('says the beginning of a long text again, not all of it', () => {
    const given = { ...hello, function: 'f'.repeat(1e6) }
    const mistake = mistakeOf(() => parse(buildRequestSchema, given, 'the body')) as Error
    expect(mistake.message.length).toBeLessThan(300)
  })

  test('of a batch names the build that is wrong', () => {
    const builds = [hello, hello, hello, { ...hello, function: 7 }]
    const mistake = mistakeOf(() => parse(batchRequestSchema, { builds }, 'the body'))
    expect(mistake).toMatchObject({ at: 'builds[3].function' })
  })
})

describe('a key named __proto__', () => {
  test.each([
    ['{"__proto__":{"a":1}}', 'there is no "__proto__" here'],
    [
      '{"source":{"kind":"inline","files":{"__proto__":"x","a.js":"y"}}}',
      'source.files.__proto__:',
    ],
    ['{"labels":{"__proto__":"x"}}', 'labels.__proto__:'],
  ])('is refused, not left out: %s', (text, said) => {
    const given = { ...hello, ...JSON.parse(text) }
    // Spreading sets the prototype's own key by its value; JSON.parse makes a key of it.
    if (text.startsWith('{"__proto__"')) {
      Object.defineProperty(given, '__proto__', { value: {}, enumerable: true })
    }
    const mistake = mistakeOf(() => parse(buildRequestSchema, given, 'the body')) as Error
    expect(mistake.message).toContain(said)
    expect(Reflect.get({}, 'a')).toBeUndefined()
  })

  test('is found in any build of a batch', () => {
    const files = JSON.parse('{"__proto__":"x","a.js":"y"}') as object
    const builds = [hello, { ...hello, source: { kind: 'inline', files } }]
    const mistake = mistakeOf(() => parse(batchRequestSchema, { builds }, 'the body'))
    expect(mistake).toMatchObject({ at: 'builds[1].source.files.__proto__' })
  })
})

describe('a query', () => {
  const query = (text: string) => Object.fromEntries(new URLSearchParams(text))

  test('becomes filters', () => {
    const text = 'state=failed&label=team:a:b&after=2026-01-01T00:00:00%2B02:00&limit=7'
    expect(parse(buildsQuery, query(text), 'the query')).toEqual({
      state: 'failed',
      label: { name: 'team', value: 'a:b' },
      after: new Date('2025-12-31T22:00:00Z'),
      limit: 7,
    })
  })

  test.each([
    ['limit=0', 'limit', />=1; found "0"/],
    ['limit=501', 'limit', /<=500; found "501"/],
    ['limit=many', 'limit', /expected number; found "many"/],
    ['state=done', 'state', /"queued".*found "done"/],
    ['after=yesterday', 'after', /found "yesterday"/],
    ['label=team', 'label', /name:value; found "team"/],
  ])('%s is refused', (text, at, detail) => {
    const mistake = mistakeOf(() => parse(buildsQuery, query(text), 'the query'))
    expect(mistake).toMatchObject({ at, message: expect.stringMatching(detail) })
  })

  test.each([
    ['state=done', /^state：应为 "queued".*；实际为 "done"$/],
    ['state=done&limit=0', /（另有 1 处）$/],
    ['labels=a:b', /^查询参数：此处没有 "labels"$/],
  ])('%s is refused in Chinese, too', (text, detail) => {
    const mistake = mistakeOf(() => parse(buildsQuery, query(text), 'the query'))
    const hint = FAILURES_ZH.INVALID_REQUEST.hint
    expect(mistake).toMatchObject({ zh: { detail: expect.stringMatching(detail), hint } })
  })

  test('with a name that there is not is refused, by its name', () => {
    for (const schema of [buildsQuery, batchesQuery, pageQuery]) {
      const mistake = mistakeOf(() => parse(schema, query('labels=a:b&limit=7'), 'the query'))
      expect(mistake).toMatchObject({ message: 'the query: there is no "labels" here' })
    }
  })

  test('with a filter given twice is refused', () => {
    const mistake = mistakeOf(() =>
      parse(buildsQuery, { state: ['failed', 'queued'] }, 'the query'),
    )
    expect(mistake).toMatchObject({ at: 'state' })
  })
})
