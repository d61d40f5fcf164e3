import type { BuildRequestInput } from '@packline/shared'
import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile, zipOf } from '../../../../test/harness/subject.ts'
import { nodejs } from '../runtimes/nodejs/index.ts'
import { secrets } from './secrets.ts'

const PASSWORD = 's3cr3t-Pa55'
const CODE = `const a = 1\nconst password = "${PASSWORD}"\nexports.handler = () => 1\n`

async function found(files: Record<string, TestFile>, build: BuildRequestInput['build'] = {}) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', build })
  return secrets.check(await subjectOf(order, files), nodejs)
}

test('a secret is told with file and line, and never itself', async () => {
  const findings = await found({ 'index.js': CODE, 'lib/a.js': '' })
  expect(findings).toMatchObject([{ rule: 'secrets', level: 'warning', path: 'index.js', line: 2 }])
  expect(findings[0]?.hint).toContain('encrypted environment variables')
  expect(JSON.stringify(findings)).not.toContain(PASSWORD)
})

test('code without any is silent', async () => {
  expect(await found({ 'index.js': 'exports.handler = () => process.env.PASSWORD\n' })).toEqual([])
})

test('it is an error where the request refuses secrets', async () => {
  const findings = await found({ 'index.js': CODE, '.env': 'A=1' }, { secrets: 'refuse' })
  expect(findings.map(({ level, path }) => [level, path])).toEqual([
    ['error', 'index.js'],
    ['error', '.env'],
  ])
})

test.each([
  ['.env', 1],
  ['app/.env.production', 1],
  ['.env.example', 0],
  ['.envrc.js', 0],
] as const)('a file %s has %i findings', async (path, count) => {
  expect(await found({ [path]: 'A=1\n' })).toHaveLength(count)
})

test("libraries are not the user's to mend", async () => {
  const files = {
    'node_modules/a/index.js': CODE,
    'node_modules/a/.env': 'A=1',
    'six.py': CODE,
    'six-1.dist-info/RECORD': 'six.py,,\n',
  }
  expect(await found(files)).toEqual([])
})

test('bytes that are no text are not searched, and too much text is said', async () => {
  const binary = Buffer.concat([Buffer.from(CODE), Buffer.from([0])])
  expect(await found({ 'a.dat': { bytes: binary }, 'a.png': CODE })).toEqual([])
  const large = Object.fromEntries(
    Array.from({ length: 5 }, (_, at) => [`${at}.txt`, 'word '.repeat(800_000)]),
  )
  const findings = await found(large)
  expect(findings).toMatchObject([
    { level: 'note', message: expect.stringContaining('not searched') },
  ])
})

test('one text over the limit is said as well, data is not', async () => {
  const large = 'word '.repeat(900_000)
  const findings = await found({ 'bundle.js': large, 'model.weights': large })
  expect(findings).toMatchObject([{ level: 'note', path: 'bundle.js' }])
})

test("the function's own jar is looked into, those of libraries are not", async () => {
  const properties = `a=1\nspring.datasource.password=${PASSWORD}\n`
  const manifest = { 'META-INF/MANIFEST.MF': '' }
  const own = { ...manifest, 'com/example/Hello.class': '', 'app.properties': properties }
  const order = await orderOf({ runtime: 'java', handler: 'com.example.Hello.handle' })
  const subject = await subjectOf(order, {
    'hello.jar': await zipOf(own),
    'lib.jar': await zipOf({ ...manifest, 'test.properties': properties }),
  })
  expect(await secrets.check(subject, nodejs)).toMatchObject([
    {
      message: expect.stringMatching(/^hello\.jar!\/app\.properties:2 has/),
      path: 'hello.jar',
      line: 2,
    },
  ])
})
