import { expect, test } from 'vitest'
import { scanTexts } from './scanner.ts'

/** Put together here, so that no scanner of repositories takes this file for what it tests. */
const SLACK = ['xoxb', '123456789012', '1234567890123', 'AbCdEfGhIjKlMnOpQrStUvWx'].join('-')
const KEY = ['-----BEGIN RSA PRIVATE', 'KEY-----'].join(' ')
const options = { timeoutMs: 20_000, signal: new AbortController().signal }

test('secrets are told by path, line and kind, and by nothing else', async () => {
  const files = [
    { path: 'a.js', text: `const a = 1\nconst token = "${SLACK}"\n` },
    { path: 'b.js', text: 'exports.handler = () => 1\n' },
  ]
  const result = await scanTexts(files, options)
  expect(result).toEqual({
    found: [{ path: 'a.js', secrets: [{ line: 2, kind: 'slack' }] }],
    left: [],
  })
  expect(JSON.stringify(result)).not.toContain(SLACK)
})

test('a line that is marked as right is silent', async () => {
  const marked = `const token = "${SLACK}" // secretlint-disable-line\n`
  const next = `// secretlint-disable-next-line\nconst token = "${SLACK}"\n`
  const files = [
    { path: 'a.js', text: marked },
    { path: 'b.js', text: next },
  ]
  expect((await scanTexts(files, options)).found).toEqual([])
})

test('several packages are scanned one after the other, each to its own answer', async () => {
  const one = (index: number) => ({ path: `${index}.js`, text: `password = "s3cr3t-Pa55${index}"` })
  const results = await Promise.all([1, 2, 3].map((index) => scanTexts([one(index)], options)))
  expect(results.map(({ found }) => found.map(({ path }) => path))).toEqual([
    ['1.js'],
    ['2.js'],
    ['3.js'],
  ])
})

test('a scan that takes too long ends, says what it left, and the next one goes on', async () => {
  const large = { path: 'large.js', text: `${KEY}\n`.repeat(200_000) }
  const late = await scanTexts([large, { path: 'b.js', text: 'x' }], { ...options, timeoutMs: 1 })
  expect(late.left).toEqual(['large.js', 'b.js'])
  const { left } = await scanTexts([{ path: 'b.js', text: 'x' }], options)
  expect(left).toEqual([])
})

test('a build that is stopped waits for no scan', async () => {
  const signal = AbortSignal.abort(new Error('stopped'))
  const scan = scanTexts([{ path: 'a.js', text: 'x' }], { ...options, signal })
  await expect(scan).rejects.toThrow('stopped')
})

test('nothing to scan starts nothing', async () => {
  expect(await scanTexts([], options)).toEqual({ found: [], left: [] })
})
