import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'

let line: TestLine
let place: Workplace
let kept: string
beforeAll(async () => {
  line = await startTestLine({ workers: 0 })
  place = await makeWorkplace()
  kept = join(place.folder, '../config/packline/login.json')
})
afterAll(async () => {
  await line?.stop()
  await place?.remove()
})

describe('packline login', () => {
  test('reads the key from its input, has the server take it, and keeps it for its user', async () => {
    const ran = await place.run(['login', `${line.url}/`], { input: `${line.key}\n` })
    expect(ran).toMatchObject({ code: 0, stdout: `server    ${line.url}\n` })
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(line.key)
    expect(JSON.parse(await readFile(kept, 'utf8'))).toEqual({ url: line.url, key: line.key })
    expect((await stat(kept)).mode & 0o777).toBe(0o600)
    const who = await place.run(['whoami'])
    const digest = createHash('sha256').update(line.key).digest('hex').slice(0, 8)
    expect(who).toMatchObject({ code: 0, stderr: '' })
    expect(who.stdout).toBe(
      [
        `server    ${line.url}`,
        `key       key-of... (sha256 ${digest}) "PACKLINE_KEYS"`,
        `by        ${kept}`,
        'scope     admin',
        'tenant    one',
        'profile   ctyun-functiongraph\n',
      ].join('\n'),
    )
    expect((await place.run(['list'])).code).toBe(0)
  })

  test('asks for the key on a terminal and does not show it', async (context) => {
    needs(context, 'terminal')
    let typed = false
    const ran = await place.run(['login', line.url], {
      onTerminal: (shown, type) => {
        if (typed || !shown.includes('key: ')) return
        typed = true
        type(`${line.otherKey}\r`)
      },
    })
    expect(ran.code).toBe(0)
    expect(ran.stdout).toContain(`server    ${line.url}`)
    expect(ran.stdout).not.toContain(line.otherKey)
    expect(JSON.parse(await readFile(kept, 'utf8')).key).toBe(line.otherKey)
  })

  test('keeps nothing where the server does not take the key, and exits with 3', async () => {
    const before = await readFile(kept, 'utf8')
    const ran = await place.run(['login', line.url, '--key', 'a-key-of-nobody-at-all'])
    expect(ran).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^error {5}A valid key is needed\n/),
    })
    expect(ran.stderr).toContain('packline login')
    expect(await readFile(kept, 'utf8')).toBe(before)
  })

  test.each([
    ['no address', ['login', 'localhost'], '', 2, 'is no address of a server'],
    ['no key', ['login', 'http://127.0.0.1:1'], '', 2, 'No key was given'],
    ['an empty key', ['login', 'http://127.0.0.1:1'], '\n', 2, 'The key is empty'],
    ['nobody there', ['login', 'http://127.0.0.1:1', '--key', 'k'], '', 4, 'does not answer'],
  ])('says in a few lines that there is %s', async (_, args, input, code, said) => {
    const ran = await place.run(args, { input })
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(ran.stderr).toContain(said)
    expect(ran.stderr.split('\n').length).toBeLessThan(5)
  })
})

describe('a command that asks a server', () => {
  test('takes the environment before the login', async () => {
    const environment = { PACKLINE_URL: 'http://127.0.0.1:1', PACKLINE_KEY: 'k' }
    const ran = await place.run(['list'], { environment })
    expect(ran).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/does not answer/),
    })
    const key = await place.run(['whoami', '--json'], { environment: { PACKLINE_KEY: line.key } })
    expect(JSON.parse(key.stdout)).toMatchObject({
      url: line.url,
      because: 'PACKLINE_KEY',
      scope: 'admin',
      tenant: 'one',
    })
    const elsewhere = await place.run(['list'], { environment: { PACKLINE_URL: 'http://other' } })
    expect(elsewhere).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/There is no key for http:\/\/other/),
    })
  })

  test('says how to log in where nobody is, in JSON where that was asked for', async () => {
    expect(await place.run(['logout'])).toMatchObject({ code: 0, stdout: 'logged out\n' })
    expect((await place.run(['logout'])).stdout).toBe('nobody was logged in\n')
    const ran = await place.run(['status', 'b1'])
    expect(ran).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/mend {6}Log in with packline login/),
    })
    const json = await place.run(['status', 'b1', '--json'])
    expect(json).toMatchObject({ code: 4, stderr: '' })
    expect(JSON.parse(json.stdout).failure.code).toBe('SERVER_UNREACHABLE')
  })
})
