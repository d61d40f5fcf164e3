import { cp, mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { zipOf } from '../../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import { runTool } from '../process/run.ts'
import { findIsolation } from '../process/sandbox.ts'
import { goAsks, gradleAsks, mavenAsks, npmAsks, pipAsks } from './asks.ts'
import { findTools, type Tools } from './tools.ts'

async function folderWith(file: string, content: string | Buffer): Promise<string> {
  const folder = temporaryFolder()
  const place = join(folder, file)
  await mkdir(dirname(place), { recursive: true })
  await writeFile(place, content)
  return folder
}

describe('what a tool asks by itself', () => {
  let tools: Tools
  beforeAll(async () => {
    tools = await findTools({ path: process.env.PATH ?? '', home: homedir() })
  })

  test('is found in every tool of this machine that asks registries', () => {
    const { npm, go, maven, gradle, pythons } = tools
    const asking = [npm, go, maven, gradle, ...pythons.filter(({ hasPip }) => hasPip)]
    for (const tool of asking.filter((one) => one !== undefined)) {
      const hosts = tool.asks?.map((address) => new URL(address).hostname)
      expect(hosts, `${tool.name} ${tool.version}`).toEqual(
        Array.from({ length: ['Go', 'Python'].includes(tool.name) ? 2 : 1 }, () =>
          expect.stringMatching(/^[\w-]+(\.[\w-]+)+$/),
        ),
      )
    }
    if (maven && gradle) expect(gradle.asks?.map(hostOf)).toEqual(maven.asks?.map(hostOf))
  })

  test('is what its packager has put there', async () => {
    const npm = 'node_modules/@npmcli/config/lib/definitions/definitions.js'
    const definition =
      "  registry: new Definition('registry', {\n    default: 'https://npm.corp/',\n"
    expect(await npmAsks(await folderWith(npm, definition))).toEqual(['https://npm.corp/'])
    const pip = 'PyPI = PackageIndex(\n    "https://pip.corp/", file_storage_domain="files.corp"\n)'
    const file = '_internal/models/index.py'
    expect(await pipAsks(await folderWith(file, `\n${pip}`))).toEqual([
      'https://pip.corp/',
      'https://files.corp',
    ])
    const pom =
      '<project xmlns="https://x"><repository><url>https://maven.corp/a</url></repository>'
    const jar = await zipOf({ 'org/apache/maven/model/pom-4.0.0.xml': pom })
    const maven = await folderWith('lib/maven-model-builder-9.jar', jar)
    expect(await mavenAsks(maven)).toEqual(['https://maven.corp/a'])
    const constant = '\u0001\u0000\u0010https://gradle.corp/maven2/\u0001'
    const name = 'org/gradle/api/artifacts/ArtifactRepositoryContainer.class'
    const api = await folderWith('lib/gradle-core-1.jar', await zipOf({ a: '' }))
    const second = await folderWith('x.jar', await zipOf({ [name]: constant }))
    await cp(join(second, 'x.jar'), join(api, 'lib/gradle-core-api-1.jar'))
    expect(await gradleAsks(api)).toEqual(['https://gradle.corp/maven2/'])
  })

  test('is nothing where it can not be read', async () => {
    const none = temporaryFolder()
    const broken = await folderWith('lib/maven-model-builder-9.jar', 'no jar')
    expect(await Promise.all([npmAsks(none), pipAsks(none), mavenAsks(none)])).toEqual([[], [], []])
    expect(await Promise.all([mavenAsks(broken), gradleAsks(none)])).toEqual([[], []])
    const run = runTool(await findIsolation({ unsandboxed: true }))
    expect(await goAsks(run, '/usr/bin/false')).toEqual([])
  })
})

function hostOf(address: string): string {
  return new URL(address).hostname
}
