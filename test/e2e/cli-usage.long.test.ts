import { spawnSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { zipOf } from '../harness/subject.ts'

const ROOT = join(import.meta.dirname, '../..')

let place: Workplace
beforeAll(async () => {
  place = await makeWorkplace()
  await place.write({ 'hello/index.js': 'exports.handler = () => 1\n', file: 'text' })
})
afterAll(() => place.remove())

describe('a mistake of the user', () => {
  test.each([
    ['an unknown command', ['bogus'], 2, "error: unknown command 'bogus'"],
    ['an unknown option', ['pack', 'hello', '--runtim', 'x'], 2, 'Did you mean --runtime?'],
    ['no folder', ['pack'], 2, "missing required argument 'folder'"],
    ['a folder that is not there', ['pack', 'nowhere'], 2, 'There is no folder nowhere'],
    ['a file for a folder', ['pack', 'file'], 2, 'file is no folder'],
    ['an unknown runtime', ['pack', 'hello', '--runtime', 'ruby'], 2, 'There is no runtime "ruby"'],
    [
      'an unknown version',
      ['pack', 'hello', '--runtime-version', '99'],
      2,
      /version is "99"; .*\nmend {6}Leave --runtime-version out/,
    ],
    ['a wrong handler', ['pack', 'hello', '--handler', 'nope'], 2, 'expected file.function'],
    ['a wrong name', ['pack', 'hello', '--name', '1 2'], 2, '--name: must be a letter'],
    ['a wrong number', ['pack', 'hello', '--timeout', 'soon'], 2, 'whole number from 1 to 3600'],
    ['a wrong choice', ['pack', 'hello', '--type', 'queue'], 2, 'Allowed choices are event, http'],
    ['an unknown profile', ['pack', 'hello', '--profile', 'none'], 2, 'There is no profile "none"'],
    [
      'an output that can not be written',
      ['pack', 'hello', '-o', 'file/x.zip'],
      2,
      /file can not be written: a part of the path is no folder\nmend {6}Name another place/,
    ],
    ['no such archive', ['check', 'none.zip'], 2, 'There is no file none.zip'],
    ['a folder for an archive', ['check', 'hello'], 2, 'packline pack packs a folder'],
    ['a handler without a runtime', ['check', 'file', '--handler', 'a.b'], 2, 'without --runtime'],
  ])('%s is said in a few lines, with the exit code of usage', async (_, args, code, said) => {
    const ran = await place.run(args)
    expect(ran).toMatchObject({ code, stdout: '' })
    if (typeof said === 'string') expect(ran.stderr).toContain(said)
    else expect(ran.stderr).toMatch(said)
    expect(ran.stderr).not.toMatch(/\n\s+at |packline made a mistake/)
    expect(ran.stderr.split('\n').length).toBeLessThan(6)
    expect((await readdir(place.folder)).toSorted()).toEqual(['file', 'hello'])
    expect(await place.leftovers()).toEqual([])
  })

  test.each([
    [['pack', '--json'], "missing required argument 'folder'"],
    [['pack', 'hello', '--json', '--timeout', '0'], 'whole number from 1 to 3600'],
    [['bogus', '--json'], "unknown command 'bogus'"],
  ])('in the arguments themselves is JSON where JSON was asked for: %j', async (args, said) => {
    const { code, stdout, stderr } = await place.run(args)
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      failure: { code: 'INVALID_REQUEST', detail: expect.stringContaining(said) },
    })
  })

  test('is JSON too, where JSON was asked for', async () => {
    const { code, stdout, stderr } = await place.run(['pack', 'nowhere', '--json'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      failure: { code: 'INVALID_REQUEST', detail: 'There is no folder nowhere' },
    })
  })
})

describe('packline', () => {
  test('without arguments says what it can do', async () => {
    const { code, stderr } = await place.run([])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Usage: packline/)
    for (const command of ['pack', 'check', 'profile']) expect(stderr).toContain(`  ${command} `)
  })

  test('--help and --version are results', async () => {
    expect(await place.run(['--help'])).toMatchObject({ code: 0, stderr: '' })
    const { stdout } = await place.run(['pack', '--help'])
    expect(stdout).toContain('--handler <handler>')
    expect(await place.run(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
  })

  test('ends without a word when nobody reads any more', () => {
    const bin = join(ROOT, 'packages/cli/bin/packline.mjs')
    const script = `node '${bin}' pack --help | head -c 1 >/dev/null`
    const { stderr } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
    expect(stderr).toBe('')
  })

  test('says in a line what it needs where nothing was installed', async () => {
    const clone = join(place.folder, '../clone')
    await mkdir(join(clone, 'packages/cli'), { recursive: true })
    for (const path of ['bin', 'packages/cli/bin', 'packages/setup/src', 'package-lock.json']) {
      await cp(join(ROOT, path), join(clone, path), { recursive: true })
    }
    const bin = join(clone, 'packages/cli/bin/packline.mjs')
    const { status, stderr } = spawnSync('node', [bin, '--help'], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toBe(`packline: its dependencies are missing: run "npm ci" in ${clone}\n`)
  })
})

describe('packline profile check', () => {
  test('says what a profile has, or what is wrong with it', async () => {
    const right = await place.run(['profile', 'check', 'ctyun-functiongraph'])
    expect(right).toMatchObject({ code: 0, stderr: '' })
    expect(right.stdout).toMatch(/is right\n/)
    expect(right.stdout).toMatch(/^nodejs .*20\.15 \(default 20\.15\)$/m)
    const json = await place.run(['profile', 'check', 'ctyun-functiongraph', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ name: 'ctyun-functiongraph' })
    expect(right.stdout).toMatch(/^bucket {4}none: packages above 50\.0 MiB /m)
    expect(right.stdout).toMatch(/^sdk {7}none/m)
    const { folder } = place
    const text = await readFile(join(ROOT, 'profiles/ctyun-functiongraph.yaml'), 'utf8')
    await place.write({
      '../mine.yaml': text.replace('  # bucket: s3://NAME/PREFIX', '  bucket: s3://code/deploy'),
      '../sdk/ctyun-functiongraph/go/go.mod': 'module huaweicloud.com/go-runtime\n',
      '../sdk/ctyun-functiongraph/java/fss.jar': await zipOf({ 'com/A.class': '' }),
    })
    const mine = await place.run(['profile', 'check', join(folder, '../mine.yaml')])
    expect(mine.stdout).toMatch(/^bucket {4}s3:\/\/code\/deploy, for packages above 50\.0 MiB$/m)
    expect(mine.stdout).toMatch(/^sdk {7}.+sdk\/ctyun-functiongraph\n +java: fss\.jar, 1 class$/m)
    expect(mine.stdout).toMatch(/^ +go: huaweicloud\.com\/go-runtime$/m)
    await place.write({ '../wrong.yaml': 'name: mine\nlimits: many\n' })
    const wrong = await place.run(['profile', 'check', join(folder, '../wrong.yaml')])
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
    expect(wrong.stderr).toMatch(/wrong\.yaml/)
    expect(wrong.stderr).toMatch(/limits/)
    expect(wrong.stderr).not.toMatch(/\n\s+at /)
  })
})
