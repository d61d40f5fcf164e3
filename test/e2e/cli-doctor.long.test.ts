import { execFileSync } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'
import { shellOffers } from '../harness/shell-offers.ts'

let line: TestLine
let place: Workplace
beforeAll(async () => {
  line = await startTestLine({ workers: 0 })
  place = await makeWorkplace()
})
afterAll(async () => {
  await line?.stop()
  await place?.remove()
})

describe('packline doctor', () => {
  test('says of each thing that it is fine, or the one line that mends it', async () => {
    const { code, stdout, stderr } = await place.run(['doctor'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((text) => text.split(/ {2,}/))
    const names = [
      'nodejs',
      'python',
      'java',
      'maven',
      'go',
      'cc',
      'git',
      'sandbox',
      'redis',
      'store',
    ]
    expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(names))
    expect(rows.find(([name]) => name === 'nodejs')).toEqual([
      'nodejs',
      'fine',
      expect.stringMatching(/^Node\.js 24\./),
    ])
    for (const [name, state = '', said = ''] of rows) {
      if (state === 'no') expect(said, name).toMatch(/: \S/)
      else expect(state, name).toBe('fine')
    }
  })

  test('names the command for each tool that a bare machine lacks', async () => {
    const bare = join(place.folder, '../bare')
    await mkdir(bare)
    const node = execFileSync('/bin/sh', ['-c', 'command -v node'], { encoding: 'utf8' }).trim()
    await symlink(node, join(bare, 'node'))
    const { code, stdout } = await place.run(['doctor', '--json'], {
      environment: { PATH: bare, HOME: bare, PACKLINE_BWRAP: '' },
    })
    expect(code).toBe(0)
    const { checks } = JSON.parse(stdout)
    const mends = Object.fromEntries(
      checks.map(({ name, mend }: { name: string; mend?: string }) => [name, mend]),
    )
    const tool = process.platform === 'darwin' ? 'brew install' : 'apt-get install'
    for (const name of ['maven', 'cc', 'git']) {
      expect(mends[name], name).toMatch(new RegExp(`^${tool} `))
    }
  })

  test('tells what was named and does not work, and exits with 1', async () => {
    const environment = {
      PACKLINE_REDIS_URL: 'redis://127.0.0.1:1',
      PACKLINE_STORE_URL: 's3+http://key:secret@127.0.0.1:1/bucket?region=r',
      PACKLINE_URL: line.url,
      PACKLINE_KEY: 'a-key-that-nobody-has',
    }
    const { code, stdout } = await place.run(['doctor', '--json'], { environment })
    expect(code).toBe(1)
    const broken = JSON.parse(stdout).checks.filter(
      ({ state }: { state: string }) => state === 'broken',
    )
    expect(broken.map(({ name }: { name: string }) => name)).toEqual(['redis', 'store', 'server'])
    expect(stdout).not.toContain('secret@')
  })

  test('looks at the services and the server that are named', async () => {
    const environment = {
      PACKLINE_REDIS_URL: line.redisUrl,
      PACKLINE_STORE_URL: line.storeUrl,
      PACKLINE_URL: line.url,
      PACKLINE_KEY: line.key,
    }
    const { code, stdout } = await place.run(['doctor'], { environment })
    expect(stdout).toMatch(/^redis +fine {2}PACKLINE_REDIS_URL answers$/m)
    expect(stdout).toMatch(/^store +fine {2}PACKLINE_STORE_URL answers$/m)
    expect(stdout).toMatch(new RegExp(`^server +fine {2}${line.url}, 0 workers$`, 'm'))
    expect(stdout).toMatch(/^workers +no +no worker takes builds there: start one/m)
    expect(code).toBe(1)
  })
})

describe('packline completion', () => {
  const OFFERED: [typed: string[], offered: string[]][] = [
    [['s'], ['submit', 'status']],
    [['profile', ''], ['check']],
    [['list', '--st'], ['--state']],
    [['list', '--state', 'f'], ['failed']],
    [
      ['functions', 'list', '--'],
      ['--json', '--help'],
    ],
    [['profile', 'check', '--j'], ['--json']],
    [['functions', 'fi'], ['files']],
    [
      ['functions', 'files', ''],
      ['ls', 'cat', 'put', 'rm', 'mv'],
    ],
    [['functions', 'files', 'rm', 'hello', '--ov'], ['--over']],
    [['functions', 'put', 'hello', '--runtime', 'p'], ['python']],
    [['functions', 'build', 'hello', '--pri'], ['--priority']],
    [['completion', 'f'], ['fish']],
  ]

  describe.each(['bash', 'zsh', 'fish'] as const)('for %s', (shell) => {
    let script: string
    beforeAll(async () => {
      const { code, stdout } = await place.run(['completion', shell])
      expect(code).toBe(0)
      script = stdout
    })
    const offers = async (...words: string[]) =>
      (await shellOffers(shell, script, ['packline', ...words], place.folder)).sort()

    test('offers commands, options and choices of the command that is typed', async (context) => {
      needs(context, shell)
      for (const [typed, offered] of OFFERED) {
        expect([typed, await offers(...typed)]).toEqual([typed, offered.toSorted()])
      }
    })

    test('offers files elsewhere', async (context) => {
      needs(context, shell)
      await place.write({ 'hello.zip': '', 'other.zip': '' })
      expect(await offers('pack', 'he')).toEqual(['hello.zip'])
      expect(await offers('download', 'b1', '-o', 'o')).toEqual(['other.zip'])
    })
  })

  test('for another shell is refused', async () => {
    expect(await place.run(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' })
  })
})
