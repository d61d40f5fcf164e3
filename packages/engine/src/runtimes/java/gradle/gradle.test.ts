import type { BuildRequestInput } from '@packline/shared'
import { describe, expect, it } from 'vitest'
import { orderOf, type TestFile, treeOf } from '../../../../../../test/harness/subject.ts'
import type { Jdk, Tool, Tools } from '../../../tools/tools.ts'
import { plan } from '../plan.ts'

function jdk(release: number): Jdk {
  const home = `/usr/lib/jvm/jdk-${release}`
  const [java, javac, jar] = [`${home}/bin/java`, `${home}/bin/javac`, `${home}/bin/jar`]
  const version = `${release}.0.1`
  return { name: 'JDK', version, release, path: home, home, java, javac, jar, binds: [] }
}

const DEBIAN: Tool = {
  name: 'Gradle',
  version: '4.4.1',
  path: '/usr/share/gradle/bin/gradle',
  binds: [],
}
const TOOLS = { jdks: [jdk(25), jdk(17)], gradle: DEBIAN }
const GRADLE = { 'build.gradle': "apply plugin: 'java'\n" }
const wrapper = (address: string) => ({
  'gradle/wrapper/gradle-wrapper.jar': 'jar',
  'gradle/wrapper/gradle-wrapper.properties': `distributionUrl=${address}\n`,
})

async function planned(
  files: Record<string, TestFile>,
  { tools = TOOLS, ...request }: Partial<BuildRequestInput> & { tools?: Partial<Tools> } = {},
) {
  const handler = request.type === 'http' ? undefined : 'com.example.Hello.handle'
  const order = await orderOf({ runtime: 'java', version: '17', handler, ...request }, tools)
  return plan(treeOf(files), order)
}

const programOf = (stage: { files?: Readonly<Record<string, string>> } | undefined) =>
  stage?.files?.['/build/home/gradle-program.sh']

describe('plan of a Gradle project', () => {
  it("is one run of the worker's Gradle, with our task and the caches of the tenant", async () => {
    const [stage, ...more] = await planned({
      ...GRADLE,
      'app/src/main/java/com/example/Hello.java': '',
    })
    expect(more).toEqual([])
    expect(stage).toMatchObject({
      name: 'gradle build',
      network: 'registries',
      cwd: '/build/source',
      because: 'there is a build.gradle; the request says Java 17',
    })
    expect(stage?.argv.slice(0, 6)).toEqual([
      '/bin/sh',
      '/build/home/run-gradle.sh',
      '/build/home/gradle',
      '/cache/gradle/caches',
      '/cache/gradle/wrapper',
      '/build/home/gradle-program.sh',
    ])
    expect(stage?.argv).toEqual(
      expect.arrayContaining([
        '--no-daemon',
        '-Dpackline.output=/build/output/gradle',
        '-Dpackline.type=event',
        '-Dpackline.release=17',
        '-Dpackline.entry=app/src/main/java/com/example',
        'packlineCollect',
      ]),
    )
    expect(programOf(stage)).toContain("exec '/usr/share/gradle/bin/gradle'")
    expect(programOf(stage)).toContain("JAVA_HOME='/usr/lib/jvm/jdk-17'")
    expect(stage?.tools.map(({ name }) => name)).toEqual(['Gradle', 'JDK', 'gradle-init'])
  })

  it("first fetches the wrapper's distribution, else shows that the worker's own starts", async () => {
    const address = 'https\\://gradle.example/gradle-8.5-bin.zip'
    const [fetch, build] = await planned({ ...GRADLE, ...wrapper(address) })
    expect(fetch).toMatchObject({
      name: 'gradle wrapper',
      because: 'gradle/wrapper/gradle-wrapper.properties names it',
      otherwise: {
        name: 'gradle',
        because: 'instead of https://gradle.example/gradle-8.5-bin.zip',
      },
    })
    expect(fetch?.argv.at(-1)).toBe('--version')
    expect(fetch?.argv).toContain('/cache/gradle/wrapper')
    expect(programOf(fetch)).toContain('gradle/wrapper/gradle-wrapper.jar')
    expect(programOf(fetch?.otherwise)).toContain('/usr/share/gradle/bin/gradle')
    // Whichever was carried out last has said what the build is run by.
    expect(programOf(build)).toBeUndefined()
  })

  it('keeps a distribution of the source out of the cache, which knows addresses only', async () => {
    const [fetch] = await planned({ ...GRADLE, ...wrapper('gradle-4.4.1-bin.zip') })
    expect(fetch?.argv).toContain('/build/home/gradle-wrapper')
    expect(fetch?.argv).not.toContain('/cache/gradle/wrapper')
  })

  it('starts Gradle with a JDK that it runs on, and compiles with the one for the release', async () => {
    const [stage] = await planned(GRADLE, { version: '21' })
    expect(programOf(stage)).toContain("JAVA_HOME='/usr/lib/jvm/jdk-17'")
    expect(stage?.argv).toContain('-Dpackline.jdk=/usr/lib/jvm/jdk-25')
    expect(stage?.argv).toContain('-Dpackline.release=21')
  })

  it("builds with the worker's own where no JDK runs the wrapper's", async () => {
    const old = wrapper('https\\://gradle.example/gradle-4.4.1-bin.zip')
    const stages = await planned({ ...GRADLE, ...old })
    expect(stages.map(({ name }) => name)).toEqual(['gradle build'])
    const tried = planned({ ...GRADLE, ...old }, { tools: { jdks: [jdk(25)] } })
    await expect(tried).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: 'Gradle 4.4.1 runs on Java 8 to 9; this worker has 25.0.1',
    })
  })

  it('says what is missing where there is neither Gradle nor wrapper', async () => {
    await expect(planned(GRADLE, { tools: { jdks: [jdk(17)] } })).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: 'no Gradle here, and the source brings no wrapper',
    })
  })

  it.each([
    "sourceCompatibility = '1.8'",
    'java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }',
    'compileJava { options.release = 11 }',
    'plugins { id "org.jetbrains.kotlin.jvm" version "2.0.0" }',
  ])('leaves the release to a build that says %s', async (line) => {
    const [stage] = await planned({ 'build.gradle': '', 'app/build.gradle.kts': `${line}\n` })
    expect(stage?.argv.filter((word) => word.includes('packline.release'))).toEqual([])
  })

  it('does not hear a comment', async () => {
    const [stage] = await planned({ 'build.gradle': "// sourceCompatibility = '1.8'\n/* x */\n" })
    expect(stage?.argv).toContain('-Dpackline.release=17')
  })

  it('builds a module that is asked for, also where it is a project of its own', async () => {
    const files = { 'settings.gradle': '', 'app/build.gradle': '' }
    const [stage] = await planned(files, { build: { module: 'app' } })
    expect(stage?.argv).toContain('-Dpackline.module=app')
    const [own] = await planned({ 'app/build.gradle': '' }, { build: { module: 'app' } })
    expect(own).toMatchObject({ cwd: '/build/source/app' })
    expect(own?.argv).toContain('-Dpackline.module=.')
  })
})
