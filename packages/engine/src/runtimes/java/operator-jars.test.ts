import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadProfile } from '@packline/profiles'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../../test/harness/temporary-folder.ts'
import { platformSdk } from '../../platform-sdk.ts'
import { operatorJars, sdkTool, withoutPlatform } from './operator-jars.ts'
import { jarForTest } from './test/jar.ts'

const PROPERTIES = 'groupId=com.example\nartifactId=fss-sdk\nversion=2.0.1\n'
const LABELLED = {
  'META-INF/maven/com.example/fss-sdk/pom.properties': PROPERTIES,
  'com/example/Context.class': 'x',
  'META-INF/versions/17/com/example/Other.class': 'x',
}

/** The default profile with these jars. */
async function profileWith(jars: Record<string, Buffer>) {
  const sdk = temporaryFolder()
  await mkdir(join(sdk, 'java'))
  for (const [name, bytes] of Object.entries(jars)) await writeFile(join(sdk, 'java', name), bytes)
  return { ...(await loadProfile('ctyun-functiongraph')), sdk }
}

test('jars say their classes, and their coordinates where they have some', async () => {
  const plain = await jarForTest({ 'A.class': 'x' })
  const profile = await profileWith({ 'b.jar': await jarForTest(LABELLED), 'a.jar': plain })
  expect(await operatorJars(profile)).toMatchObject([
    { classes: new Set(['A']), maven: undefined, size: plain.length },
    {
      classes: new Set(['com.example.Context']),
      maven: { group: 'com.example', artifact: 'fss-sdk', version: '2.0.1' },
    },
  ])
  expect(await platformSdk(profile)).toEqual({
    folder: profile.sdk,
    java: [
      { name: 'a.jar', classes: 1, maven: undefined },
      { name: 'b.jar', classes: 1, maven: 'com.example:fss-sdk:2.0.1' },
    ],
    go: undefined,
  })
})

test('a profile without an SDK has no jars, and needs no tool for them', async () => {
  const profile = await loadProfile('ctyun-functiongraph')
  expect(profile.sdk).toBeUndefined()
  expect(await operatorJars(profile)).toEqual([])
  expect(sdkTool([])).toEqual([])
  expect(await platformSdk(profile)).toBeUndefined()
})

test('of libraries those that are equal byte for byte are left out, whatever their names', async () => {
  const bytes = await jarForTest({ 'A.class': 'x' })
  const other = await jarForTest({ 'B.class': 'x' })
  expect(other.length).toBe(bytes.length)
  const profile = await profileWith({ 'a.jar': bytes })
  const [jar] = await operatorJars(profile)
  const entry = (path: string, content: Buffer | { path: string }) => {
    return { path, content, size: bytes.length, executable: false }
  }
  const libraries = [
    entry('renamed.jar', bytes),
    entry('on-disk.jar', { path: jar?.path ?? '' }),
    entry('other.jar', other),
  ]
  const kept = await withoutPlatform(libraries, await operatorJars(profile))
  expect(kept.map(({ path }) => path)).toEqual(['other.jar'])
  expect(await withoutPlatform(libraries, [])).toHaveLength(3)
  expect(await readFile(jar?.path ?? '')).toEqual(bytes)
})
