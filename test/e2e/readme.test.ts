import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { BuildEvent } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readExamples } from '../../services/start/src/examples.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'

const ROOT = join(import.meta.dirname, '../..')
const readme = await readFile(join(ROOT, 'README.md'), 'utf8')

describe('the commands of the README', () => {
  const commands = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text)
  let line: TestLine
  let folder: string
  let id = ''
  beforeAll(async () => {
    line = await startTestLine()
    folder = await mkdtemp(join(tmpdir(), 'packline-readme-'))
  })
  afterAll(async () => {
    await line?.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  async function inShell(command = ''): Promise<string> {
    const env = { PATH: process.env.PATH, URL: line.url, KEY: line.key, ID: id }
    const argv = ['-euo', 'pipefail', '-c', command]
    return (await promisify(execFile)('bash', argv, { cwd: folder, env, timeout: 60_000 })).stdout
  }

  test('are four, one after the other', () => {
    expect(commands).toHaveLength(4)
  })

  test('the first asks for a build and gets its id', async (context) => {
    needs(context, 'curl')
    id = JSON.parse(await inShell(commands[0])).id
    expect(await line.client.build(id)).toMatchObject({ function: 'hello', runtime: 'nodejs' })
  })

  test('the second shows all its events, as the README has them', async (context) => {
    needs(context, 'curl')
    const told = await inShell(commands[1])
    const events = [...told.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.*)$/gm)]
    expect(events.map(([, seq]) => Number(seq))).toEqual(events.map((_, index) => index + 1))
    const [, shown = ''] = /^```\n(id: 1\n.*?)^```$/ms.exec(readme) ?? []
    const named = [...shown.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.*?)[,}]? ?(\.\.\.|$)/gm)]
    expect(named.map(([, , name]) => name)).toEqual(['queued', 'started', 'succeeded'])
    for (const [, seq, name = '', text = ''] of named) {
      const [, foundSeq, , found = ''] = events.find(([, , one]) => one === name) ?? []
      // How many steps are told depends on how long they take.
      if (name !== 'succeeded') expect(foundSeq).toBe(seq)
      const event = JSON.parse(found) as BuildEvent
      for (const [, key = ''] of text.matchAll(/[{,]"(\w+)":/g)) {
        expect(JSON.stringify(event), `${name} has ${key}`).toContain(`"${key}":`)
      }
    }
  })

  test('the third fetches the package', async (context) => {
    needs(context, 'curl')
    await inShell(commands[2])
    const digest = createHash('sha256').update(await readFile(join(folder, 'hello.zip')))
    expect(digest.digest('hex')).toBe((await line.client.build(id)).package?.sha256)
  })

  test('the fourth makes a dependency package of a manifest', async (context) => {
    needs(context, 'curl', 'pip')
    const asked = JSON.parse(await inShell(commands[3]))
    await Array.fromAsync(line.client.events(asked.id))
    expect(await line.client.dependency('our-libraries')).toMatchObject({
      revisions: 1,
      newest: { revision: 1, runtime: 'python', build: asked.id },
    })
  })
})

describe('the text of the README', () => {
  test('counts the examples that there are', async () => {
    const { length } = await readExamples(join(ROOT, 'examples'))
    expect(readme).toContain(`\npackaging ${length} examples as one batch\n`)
    expect(readme).toContain(`\n${length - 1} packaged, 1 failed, 0 not built: as expected (`)
  })

  test('links to what is there', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, place = '']) => place)
    expect(links.length).toBeGreaterThan(5)
    expect(links.filter((place) => !existsSync(join(ROOT, place)))).toEqual([])
  })
})
