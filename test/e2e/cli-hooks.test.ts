import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { makeGitHubHook } from '../harness/github-hook.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

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

function run(args: readonly string[]) {
  const environment = { PACKLINE_URL: line.url, PACKLINE_KEY: line.key }
  return place.run(args, { environment })
}

test('a hook is added with its secret shown once, is listed and shown, and goes again', async () => {
  expect(await run(['hooks', 'list'])).toEqual({ code: 0, stdout: '', stderr: 'no hooks\n' })
  const repository = 'https://git.example/our/code.git'
  const args = ['hooks', 'add', repository, '--provider', 'github', '--branch', 'main', '--json']
  const added = await run(args)
  expect(added).toMatchObject({ code: 0, stderr: '' })
  const { id, secret, deliverTo } = JSON.parse(added.stdout)
  expect(secret.length).toBeGreaterThan(15)
  const listed = await run(['hooks', 'list'])
  expect(listed.stdout).toContain(id)
  expect(listed.stdout).toContain(repository)
  const shown = await run(['hooks', 'show', id])
  expect(shown.stdout).toContain(
    `branches  main\nbuilds    packline.yaml\npath      ${deliverTo}\n`,
  )
  expect(shown.stdout).not.toContain(secret)
  expect(await run(['hooks', 'remove', id])).toMatchObject({ code: 0, stdout: `removed   ${id}\n` })
  expect(await run(['hooks', 'show', id])).toMatchObject({ code: 1, stdout: '' })
})

test('what was delivered is shown, and worked off once more', async () => {
  const repository = 'https://git.example/our/code.git'
  const hook = await makeGitHubHook(line, { repository })
  const { delivery } = (await hook.deliver({})).answer.body
  const told = await run(['hooks', 'show', hook.id])
  const rows = told.stdout.split('\n').map((row) => row.trim().split(/ {2,}/))
  expect(rows).toContainEqual([delivery, 'push', 'refs/heads/main', 'accepted', 'queued'])
  const again = await run(['hooks', 'redeliver', hook.id, delivery])
  expect(again).toMatchObject({ code: 0, stderr: '' })
  const [, made = ''] = /^accepted +(d\w+)\n$/.exec(again.stdout) ?? []
  const ids = (await hook.deliveries()).map(({ id }) => id)
  expect(ids).toEqual([made, delivery])
  const shown = JSON.parse((await run(['hooks', 'show', hook.id, '--json'])).stdout)
  expect(shown.deliveries.map(({ id }: { id: string }) => id)).toEqual(ids)
  const other = await run(['hooks', 'redeliver', hook.id, 'd0'])
  expect(other).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^error/) })
})

test('what is no repository or provider is told, and nothing is kept', async () => {
  const wrong = await run(['hooks', 'add', 'nonsense', '--provider', 'github'])
  expect(wrong).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/address git clones from/),
  })
  const none = await run(['hooks', 'add', 'https://git.example/a.git'])
  expect(none).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/--provider/) })
})
