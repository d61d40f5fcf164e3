import { join } from 'node:path'
import { openArchive } from '@packline/archive'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { needs } from '../harness/needs.ts'
import { zipOf } from '../harness/subject.ts'

const LIMITS = { entriesMax: 1000, unpackedBytesMax: 2 ** 24, ratioMax: 1100 }

let place: Workplace
beforeEach(async () => {
  place = await makeWorkplace()
})
afterEach(async () => {
  const left = await place.leftovers()
  await place.remove()
  expect(left).toEqual([])
})

describe('--split', () => {
  const CODE = "const pad = require('left-pad')\nexports.handler = async () => pad('a', 3)\n"
  const MANIFEST = JSON.stringify({ dependencies: { 'left-pad': '1.3.0' } })

  test('writes what is installed beside the package, as a dependency package', async (context) => {
    needs(context, 'npm')
    await place.write({ 'hello/index.js': CODE, 'hello/package.json': MANIFEST })
    const args = ['pack', 'hello', '--split', '--no-load']
    // Inside the folder, where the packages of the run before are.
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await place.run([...args, '--output', 'hello/a.zip'])
      expect({ code, stderr }).toMatchObject({ code: 0 })
      expect(stdout).toMatch(/^libraries .*\/hello\/a\.dependencies\.zip$/m)
      expect(stdout).toMatch(/, the dependency package split-nodejs-[0-9a-f]{32}$/m)
      expect(stdout).toMatch(/ and split-nodejs-[0-9a-f]{32}@1 attached$/m)
    }
    const [own, apart] = ['hello/a.zip', 'hello/a.dependencies.zip'].map((path) =>
      openArchive({ path: join(place.folder, path) }, { limits: LIMITS }),
    )
    const filesOf = async (archive: typeof own) => {
      const opened = await archive
      await opened?.close()
      return opened?.entries.flatMap(({ kind, path }) => (kind === 'file' ? [path] : []))
    }
    expect(await filesOf(own)).toEqual(['index.js', 'package.json'])
    expect(await filesOf(apart)).toContain('node_modules/left-pad/index.js')
  })

  test('makes two packages of which the one loads with the other', async (context) => {
    needs(context, 'npm', 'sandbox')
    await place.write({ 'hello/index.js': CODE, 'hello/package.json': MANIFEST })
    const { stdout } = await place.run(['pack', 'hello', '--split', '--json'])
    const { path, split, report } = JSON.parse(stdout)
    expect(report.dependencies).toMatchObject([{ name: split.name, sha256: split.sha256 }])
    expect(split).toMatchObject({ path: expect.stringMatching(/hello\.dependencies\.zip$/) })
    const check = ['check', path, '--runtime', 'nodejs', '--handler', 'index.handler']
    expect((await place.run(check)).stdout).toContain("Cannot find module 'left-pad'")
    const both = await place.run([...check, '--dependency', split.path])
    expect(both).toMatchObject({ code: 0, stdout: expect.stringContaining('loaded by Node.js') })
  })

  test('is refused for what has no dependency packages, and told where there is nothing', async () => {
    await place.write({ 'run/bootstrap': '#!/bin/sh\n', 'hello/index.js': 'exports.handler = 1\n' })
    const refused = await place.run(['pack', 'run', '--runtime', 'custom', '--split'])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('Custom functions') })
    const { stdout } = await place.run(['pack', 'hello', '--split', '--no-load'])
    expect(stdout).toContain('the package was not split: nothing was installed for it')
    expect(stdout).toContain('or leave --split out')
  })
})

describe('--dependency', () => {
  const CODE = "const { hello } = require('greeting')\nexports.handler = async () => hello()\n"
  const libraries = (text: string) =>
    zipOf({ 'node_modules/greeting/index.js': `exports.hello = () => '${text}'\n` })

  test('attaches a dependency package that lies in a file', async (context) => {
    needs(context, 'sandbox')
    await place.write({ 'hello/index.js': CODE, 'libs.zip': await libraries('hi') })
    const alone = await place.run(['pack', 'hello', '--json'])
    expect(JSON.parse(alone.stdout).report?.verdict?.verdict).not.toBe('proved')
    const args = ['pack', 'hello', '--dependency', 'libs.zip', '--json']
    const { code, stdout } = await place.run(args)
    const { path, report } = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(report.verdict.because).toMatch(/^loaded by Node\.js/)
    expect(report.configuration.dependencies).toEqual(['libs@1'])
    const checked = await place.run([
      ...['check', path, '--runtime', 'nodejs', '--handler', 'index.handler'],
      ...['--dependency', 'libs.zip'],
    ])
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('loaded by Node.js') })
  })

  test('is checked against the code and each other', async () => {
    await place.write({
      'hello/index.js': CODE,
      'a.zip': await libraries('a'),
      'b.zip': await libraries('b'),
    })
    const args = ['--dependency', 'a.zip', '--dependency', 'b.zip']
    const { code, stderr } = await place.run(['pack', 'hello', ...args])
    expect(code).toBe(1)
    expect(stderr).toContain('b@1 would overwrite in a@1: node_modules/greeting')
    const go = ['pack', 'hello', '--runtime', 'go', '--handler', 'hello', ...args]
    expect((await place.run(go)).stderr).toContain('Go functions have no dependency packages')
  })
})
