import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { craftZip } from '../../packages/archive/src/test/craft-zip.ts'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { has } from '../harness/needs.ts'

let place: Workplace
beforeEach(async () => {
  place = await makeWorkplace()
})
afterEach(async () => {
  const left = await place.leftovers()
  await place.remove()
  expect(left).toEqual([])
})

const HELLO = { name: 'index.js', content: 'exports.handler = () => 1\n' }
const MANIFEST = { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\n\n' }
const AS_NODE = ['--runtime', 'nodejs', '--handler', 'index.handler']
const whole = craftZip([HELLO])

describe('the gate', () => {
  test.each([
    ['a ZIP cut in the middle', whole.subarray(0, whole.length - 30), /damaged|end/i, 'cut'],
    ['a text file', Buffer.from('hello\n'), 'Found a text file; expected a ZIP', 'not-a-zip'],
    ['an empty file', Buffer.alloc(0), 'empty', 'not-a-zip'],
    ['two entries of one name', craftZip([HELLO, HELLO]), 'index.js', 'duplicate-entry'],
    ['a path that leaves', craftZip([HELLO, { name: '../x' }]), '../x', 'path-escapes'],
    ['a wrong checksum', craftZip([{ ...HELLO, both: { crc: 1 } }]), 'index.js', 'crc'],
  ])('refuses %s with exit code 1', async (_, bytes, said, reason) => {
    await place.write({ 'bad.zip': bytes })
    for (const more of [[], ['--archive-only'], AS_NODE]) {
      const { code, stdout, stderr } = await place.run(['check', 'bad.zip', ...more])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^error {5}The archive is /)
      expect(stderr.split('\n')[0]).toContain(` (${reason})`)
      expect(stderr).toMatch(said)
      expect(stderr).toMatch(/^mend {6}\S/m)
    }
    const json = await place.run(['check', 'bad.zip', '--json'])
    expect(json).toMatchObject({ code: 1, stderr: '' })
    const { failure } = JSON.parse(json.stdout)
    expect(failure.code).toMatch(/^(FORMAT|ARCHIVE_\w+)$/)
    expect(failure.reason).toBe(reason)
    if (/^(index\.js|\.\.\/x)$/.test(String(said))) expect(failure.entry).toBe(said)
  })

  test('lets a good archive pass, and says what it is', async () => {
    await place.write({ 'good.zip': craftZip([HELLO, { name: 'lib/', content: '' }]) })
    const { code, stdout, stderr } = await place.run(['check', 'good.zip'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^archive {3}.*good\.zip\ngate {6}passed: a ZIP of \d+ B \(1 file, 26 B/)
    expect(stdout).toMatch(/^next {6}say --runtime and --handler/m)
    const only = await place.run(['check', 'good.zip', '--archive-only', ...AS_NODE])
    expect(only.stdout).not.toMatch(/^(next|verdict)/m)
    const json = JSON.parse((await place.run(['check', 'good.zip', '--json'])).stdout)
    expect(json).toMatchObject({ format: 'zip', files: 1, unpackedBytes: 26 })
    expect(json.path).toBe(join(place.folder, 'good.zip'))
  })
})

describe('the rules', () => {
  test('prove a package that the platform takes, and leave it as it is', async () => {
    await place.write({ 'good.zip': whole })
    const { code, stdout, stderr } = await place.run(['check', 'good.zip', ...AS_NODE])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^findings {2}none$/m)
    if (has('sandbox')) expect(stdout).toMatch(/^verdict {3}(proved|checked): loaded by Node\.js/m)
    expect((await readFile(join(place.folder, 'good.zip'))).equals(whole)).toBe(true)
  })

  test.each([
    ['a handler that is not there', [HELLO], 'index.other', /^error {5}handler-exists: .*other/m],
    [
      'an entry file in a wrapping folder, by its name',
      [{ ...HELLO, name: 'my-function/index.js' }],
      'index.handler',
      /^error {5}entry-at-root: .*my-function/m,
    ],
    [
      'a module that throws when it is loaded',
      [{ ...HELLO, content: 'exports.handler = () => 1\nthrow new Error("no database")\n' }],
      'index.handler',
      /no database.*\[index\.js:2\]/s,
    ],
  ])('refuse %s with exit code 1', async (_, entries, handler, said) => {
    await place.write({ 'bad.zip': craftZip(entries) })
    const args = ['check', 'bad.zip', '--runtime', 'nodejs', '--handler', handler]
    const { code, stdout } = await place.run(args)
    expect(stdout).toMatch(said)
    expect(stdout).toMatch(/^mend {6}\S/m)
    expect(code).toBe(1)
    const json = await place.run([...args, '--json'])
    expect(json).toMatchObject({ code: 1, stderr: '' })
    const { failure, findings, verdict } = JSON.parse(json.stdout)
    expect(failure.findings[0].level).toBe('error')
    expect(findings.length).toBeGreaterThan(0)
    expect(verdict.verdict).toBe('not-loaded')
  })

  test('tell findings in Chinese where the environment is, or where --lang says so', async () => {
    await place.write({ 'bad.zip': craftZip([{ ...HELLO, name: 'app/index.js' }]) })
    const args = ['check', 'bad.zip', '--runtime', 'nodejs', '--handler', 'index.handler']
    const environment = { LANG: 'zh_CN.UTF-8' }
    const { stdout } = await place.run(args, { environment })
    expect(stdout).toMatch(
      /^error {5}entry-at-root: 所有内容都在文件夹 "app" 里；.* \[app\/index\.js\]$/m,
    )
    expect(stdout).toMatch(/^mend {6}压缩 "app" 里的内容，而不是文件夹本身；或加上 --unwrap。$/m)
    expect(stdout).toContain('packline explain entry-at-root')
    const explained = await place.run(['explain', 'entry-at-root'], { environment })
    expect(explained.stdout).toMatch(/^entry-at-root\n\n解压后入口文件必须/)
    expect((await place.run([...args, '--lang', 'zh'])).stdout).toBe(stdout)
    const english = await place.run([...args, '--lang', 'en'], { environment })
    expect(english.stdout).toMatch(/^error {5}entry-at-root: everything lies in the folder "app"/m)
    const json = JSON.parse((await place.run([...args, '--json'], { environment })).stdout)
    expect(json.findings[0]).toMatchObject({
      message: expect.stringContaining('everything lies'),
      zh: { message: expect.stringContaining('所有内容') },
    })
  })

  test('refuse a JAR for anything but Java', async () => {
    await place.write({ 'fn.jar': craftZip([MANIFEST, { name: 'index.py', content: 'x=1\n' }]) })
    const args = ['--runtime', 'python', '--handler', 'index.handler']
    const { code, stderr } = await place.run(['check', 'fn.jar', ...args])
    expect(code).toBe(1)
    expect(stderr).toContain('is a JAR; Python takes a ZIP')
    expect((await place.run(['check', 'fn.jar'])).stdout).toContain('passed: a JAR of')
  })
})
