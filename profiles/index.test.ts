import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadProfile } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-profiles-'))
})
afterAll(() => rm(folder, { recursive: true }))

test.each(['ctyun-functiongraph', 'huawei-functiongraph'])(
  '%s is a valid profile',
  async (name) => {
    const profile = await loadProfile(name)
    expect(profile.name).toBe(name)
    expect(Object.keys(profile.runtimes).sort()).toEqual([
      'custom',
      'go',
      'java',
      'nodejs',
      'python',
    ])
    expect(profile.limits.uploadBytesMax).toBe(50 * 1024 * 1024)
    expect(profile.limits.unpackedBytesMax).toBe(1.5 * 1024 ** 3)
  },
)

test('a profile that is not there is named with the place that was looked at', async () => {
  await expect(loadProfile('nobodys')).rejects.toThrow(/no profile "nobodys" .*nobodys\.yaml/)
})

test('every mistake in a profile is named with its field', async () => {
  const file = join(folder, 'wrong.yaml')
  await writeFile(file, 'schema: 1\nname: Wrong Name\nlimits: { uploadBytesMax: -1 }\n')
  const error = await loadProfile(file).then(
    () => expect.unreachable(),
    (thrown: Error) => thrown,
  )
  expect(error.message).toContain('limits.uploadBytesMax')
  expect(error.message).toContain('name:')
  expect(error.message).toContain('runtimes')
})

test('text that is no YAML is refused with the line', async () => {
  const file = join(folder, 'broken.yaml')
  await writeFile(file, 'schema: [1\nname: x')
  await expect(loadProfile(file)).rejects.toThrow(/line \d/)
})
