import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, utimes } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { processesWith } from '../harness/left-behind.ts'
import { has, needs } from '../harness/needs.ts'
import { until } from '../harness/processes.ts'
import { marker } from '../harness/sleepers.ts'

let place: Workplace
beforeEach(async () => {
  place = await makeWorkplace()
})
afterEach(async () => {
  const left = await place.leftovers()
  await place.remove()
  expect(left).toEqual([])
})

const HELLO = 'exports.handler = async () => "你好"\n'
const sha256Of = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

describe('packline pack', () => {
  test('prints the result alone on stdout, progress on stderr, and writes the package', async () => {
    await place.write({ 'hello/index.js': HELLO })
    const { code, stdout, stderr } = await place.run(['pack', 'hello'])
    expect(code).toBe(0)
    const path = join(place.folder, 'hello.zip')
    const rows = stdout.trimEnd().split('\n')
    expect(rows.map((row) => row.split(' ')[0])).toEqual([
      ...['package', 'size', 'sha256', 'verdict', 'sandbox', 'findings', 'next'],
    ])
    expect(rows[0]).toBe(`package   ${path}`)
    expect(rows[2]).toBe(`sha256    ${await sha256Of(path)}`)
    expect(stdout).toContain('handler index.handler')
    if (has('sandbox')) expect(stdout).toMatch(/^verdict {3}(proved|checked): loaded by Node\.js/m)
    expect(stderr).toMatch(/^runtime {3}nodejs 20\.15: index\.js$/m)
    for (const step of ['fetch', 'unpack', 'detect', 'make', 'zip', 'validate', 'store']) {
      expect(stderr).toMatch(new RegExp(`^${step.padEnd(9)} [\\d.]+ m?s$`, 'm'))
    }
    expect((await readdir(place.folder)).toSorted()).toEqual(['hello', 'hello.zip'])
  })

  test('prints JSON and nothing else when asked', async () => {
    await place.write({ 'hello/index.js': HELLO })
    const { code, stdout, stderr } = await place.run(['pack', 'hello', '--json'])
    const { path, size, sha256, report } = JSON.parse(stdout)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(sha256).toBe(await sha256Of(path))
    expect(size).toBe((await readFile(path)).length)
    expect(report).toMatchObject({ runtime: 'nodejs', findings: [], pin: { kind: 'folder' } })
  })

  test('writes SBOM, configuration and calls beside the package when asked', async () => {
    await place.write({ 'hello/index.js': HELLO })
    const files = ['--sbom', 'hello.cdx.json', '--configuration', 'configuration.json']
    const more = ['--deployment', 'deployment.json', '--no-load']
    const { code } = await place.run(['pack', 'hello', ...files, ...more])
    expect(code).toBe(0)
    const read = async (name: string) =>
      JSON.parse(await readFile(join(place.folder, name), 'utf8')) as Record<string, unknown>
    expect(await read('hello.cdx.json')).toMatchObject({ bomFormat: 'CycloneDX' })
    expect(await read('configuration.json')).toMatchObject({ handler: 'index.handler' })
    const file = await readFile(join(place.folder, 'hello.zip'), 'base64')
    const { create } = await read('deployment.json')
    expect(create).toMatchObject({ body: { code_filename: 'hello.zip', func_code: { file } } })
    const nowhere = await place.run(['pack', 'hello', '--sbom', 'hello.zip/sbom.json'])
    expect(nowhere).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('can not be written'),
    })
  })

  test("keeps a bundle's source map beside the package, and out of the next one", async () => {
    await place.write({
      'hello/package.json': '{}',
      'hello/src/index.ts': 'export const handler = async () => "你好"\n',
    })
    const pack = ['pack', 'hello', '-o', 'hello/made.zip', '--bundle', '--source-map', '--no-load']
    for (const _ of [1, 2]) {
      const { code, stdout } = await place.run(pack)
      expect(code).toBe(0)
      expect(stdout).toMatch(/^map {7}.*\/hello\/made\.zip\.map$/m)
      expect(stdout).toMatch(/\(1 file, /)
    }
    const map = JSON.parse(await readFile(join(place.folder, 'hello/made.zip.map'), 'utf8'))
    expect(map.sources).toEqual(['src/index.ts'])
  })

  test('leaves out and keeps what it is told to, and what the ignore file says', async () => {
    await place.write({
      'hello/index.js': HELLO,
      'hello/.packlineignore': 'data/\n',
      'hello/data/a.bin': 'a',
      'hello/data/b.json': '{}',
      'hello/notes.md': 'notes',
    })
    const options = ['--exclude', '*.md', '--exclude', '*.txt', '--include', 'data/b.json']
    const { code, stdout } = await place.run(['pack', 'hello', ...options, '--no-load'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^size .*2 files/m)
  })

  test('puts the package where --output says: a file, a folder, a folder still to be made', async () => {
    await place.write({ 'hello/index.js': HELLO })
    await mkdir(join(place.folder, 'out'))
    for (const [output, written] of [
      ['a file.zip', 'a file.zip'],
      ['out', 'out/hello.zip'],
      ['new/deep/', 'new/deep/hello.zip'],
    ] as const) {
      const { code } = await place.run(['pack', 'hello', '--no-load', '-o', output])
      expect([code, (await readFile(join(place.folder, written))).length]).toEqual([0, 155])
    }
  })

  test('gives the same bytes in two folders, time zones and umasks, whatever lies about', async () => {
    const files = {
      'index.js': HELLO,
      'lib/deep/part.js': '// part\n',
      'data.txt': 'x'.repeat(9999),
    }
    for (const folder of ['one/hello', 'two/hello']) {
      const named = Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text])
      await place.write(Object.fromEntries(named))
    }
    await chmod(join(place.folder, 'two/hello/data.txt'), 0o600)
    await utimes(join(place.folder, 'two/hello/index.js'), 0, 86_400)
    const runs = [
      ['one', { TZ: 'UTC' }, '022'],
      ['two', { TZ: 'Asia/Shanghai' }, '077'],
      // Inside the folder, where the package of the run before is.
      ['one/hello', { TZ: 'America/St_Johns' }, '000'],
      ['one/hello', {}, '022'],
    ] as const
    const digests = new Set<string>()
    for (const [cwd, environment, umask] of runs) {
      const what = cwd.endsWith('hello') ? '.' : 'hello'
      const settings = { cwd, environment, umask }
      const { stdout } = await place.run(['pack', what, '--no-load', '--json'], settings)
      digests.add(JSON.parse(stdout).sha256)
    }
    expect(digests.size).toBe(1)
  })

  test('says on one screen what is wrong with the code, exits with 1 and writes nothing', async () => {
    await place.write({ 'hello/index.js': 'exports.handler = \n' })
    const { code, stdout, stderr } = await place.run(['pack', 'hello'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^failed {4}at validate: .* \(VALIDATION_FAILED\)$/m)
    expect(stderr).toMatch(/^error {5}handler-exists: .*\[index\.js/ms)
    expect(stderr).toMatch(/^mend {6}\S/m)
    expect(stderr.split('\n').length).toBeLessThan(25)
    expect(await readdir(place.folder)).toEqual(['hello'])
    const json = await place.run(['pack', 'hello', '--json'])
    expect(json).toMatchObject({ code: 1, stderr: '' })
    expect(JSON.parse(json.stdout)).toMatchObject({
      failure: { code: 'VALIDATION_FAILED', step: 'validate' },
      report: { findings: [{ rule: 'handler-exists' }] },
    })
  })

  test('ends with 5 when its time is over, and leaves no process', async (context) => {
    needs(context, 'npm')
    const silent = await listen()
    const name = marker()
    const manifest = { name, version: '1.0.0', dependencies: { [name]: '1.0.0' } }
    await place.write({ 'hello/index.js': HELLO, 'hello/package.json': JSON.stringify(manifest) })
    const registry = `http://127.0.0.1:${silent.port}/`
    const environment = { npm_config_registry: registry }
    const { code, stderr } = await place.run(['pack', 'hello', '--timeout', '2'], { environment })
    silent.server.close()
    expect(stderr).toMatch(/^failed {4}at make: .* \(TIMED_OUT\)$/m)
    expect(stderr).toMatch(/ran for [\d.]+ s, its limit/)
    expect(stderr).toContain('--timeout')
    expect(code).toBe(5)
  })

  test('does without a cache where the user has none that can be written', async (context) => {
    needs(context, 'pip')
    await place.write({
      'hello/index.py': 'def handler(event, context): ...\n',
      'hello/requirements.txt': 'six==1.16.0\n',
    })
    const environment = { HOME: '/dev/null', XDG_CACHE_HOME: '/dev/null' }
    const { code, stderr } = await place.run(['pack', 'hello', '--no-load'], { environment })
    expect(stderr).not.toContain('made a mistake')
    expect(code).toBe(0)
  })

  test('leaves nothing when it is stopped by Ctrl-C', async () => {
    const mark = marker()
    const code = `require('node:child_process').execFileSync('/bin/sh', ['-c', 'sleep 60; true', '${mark}'])
exports.handler = () => 1\n`
    await place.write({ 'hello/index.js': code })
    const ran = place.run(['pack', 'hello'], {
      onStart: async (pid) => {
        await until(() => processesWith(mark).length > 0)
        process.kill(pid, 'SIGINT')
      },
    })
    expect(await ran).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringMatching(/stopped\n$/),
    })
    expect(processesWith(mark)).toEqual([])
    expect(await readdir(place.folder)).toEqual(['hello'])
  })
})

describe('the runtime', () => {
  test.each([
    [{ 'index.py': 'def handler(event, context): ...\n' }, /^runtime {3}python 3\.10: index\.py$/m],
    [{ bootstrap: '#!/bin/sh\n' }, /^runtime {3}custom 1: bootstrap$/m],
    [
      { 'index.mjs': 'export const handler = 1', 'package.json': '{}' },
      /nodejs 20\.15: package\.json/,
    ],
  ])('is told by the files, and the reason is said', async (files, said) => {
    const named = Object.entries(files).map(([path, text]) => [`fn/${path}`, text])
    await place.write(Object.fromEntries(named))
    expect((await place.run(['pack', 'fn', '--no-load'])).stderr).toMatch(said)
  })

  test('is asked for where several fit, and where none does', async () => {
    await place.write({ 'two/index.js': HELLO, 'two/index.py': '', 'none/readme.txt': 'hello' })
    expect(await place.run(['pack', 'two'])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error     two could be nodejs (index.js) or python (index.py)\n' +
        'mend      Say which: --runtime nodejs or --runtime python.\n',
    })
    const none = await place.run(['pack', 'none'])
    expect(none).toMatchObject({ code: 1, stdout: '' })
    expect(none.stderr).toContain('none holds readme.txt\n')
    expect(none.stderr).toContain('say --runtime nodejs|python|java|go|custom')
    expect((await place.run(['pack', 'two', '--runtime', 'nodejs', '--no-load'])).code).toBe(0)
  })
})

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 }
}
