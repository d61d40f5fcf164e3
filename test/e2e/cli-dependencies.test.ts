import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { needs } from '../harness/needs.ts'
import { zipOf } from '../harness/subject.ts'

let place: Workplace
beforeEach(async () => {
  place = await makeWorkplace()
})
afterEach(async () => {
  const left = await place.leftovers()
  await place.remove()
  expect(left).toEqual([])
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
