import { describe, expect, it } from 'vitest'
import { orderOf, type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import type { Jdk, Tool } from '../../tools/tools.ts'
import { entries, plan } from './plan.ts'

function jdk(release: number): Jdk {
  const home = `/usr/lib/jvm/jdk-${release}`
  const [java, javac, jar] = ['java', 'javac', 'jar'].map((name) => `${home}/bin/${name}`)
  const paths = { java: java ?? '', javac: javac ?? '', jar: jar ?? '' }
  return { name: 'JDK', version: `${release}.0.1`, release, path: home, home, binds: [], ...paths }
}

const maven: Tool = { name: 'Maven', version: '3.8.7', path: '/usr/share/maven/bin/mvn', binds: [] }
const JDKS = [jdk(25), jdk(17)]
const HANDLER = 'com.example.Hello.handle'

async function planned(
  files: Record<string, TestFile>,
  version = '17',
  tools: Parameters<typeof orderOf>[1] = { jdks: JDKS, maven },
) {
  const order = await orderOf({ runtime: 'java', version, handler: HANDLER }, tools)
  const [stage] = await plan(treeOf(files), order)
  if (!stage) throw new Error('nothing is planned')
  return stage
}

/** The flags of a pom with this inside its project. */
async function mavenFlags(pom: string, version?: string) {
  const { argv } = await planned({ 'pom.xml': `<project>${pom}</project>` }, version)
  return argv
}

describe('plan of plain sources', () => {
  it('is one javac without network, over sources that a file lists', async () => {
    const stage = await planned({ 'src/A.java': '', 'b "c".java': '', 'lib/gson.jar': '' })
    expect(stage).toMatchObject({
      name: 'javac',
      network: 'none',
      failure: 'COMPILE_FAILED',
      because: 'the request says Java 17',
      files: { '/build/home/javac.sources': '"b \\"c\\".java"\n"src/A.java"' },
      env: { LC_ALL: 'C.UTF-8' },
    })
    const text = stage.argv.join(' ')
    expect(text).toContain('/usr/lib/jvm/jdk-17/bin/javac ')
    expect(text).toContain('-encoding UTF-8 --release 17')
    expect(text).toContain('-classpath lib/gson.jar -d /build/output/classes')
    expect(text).toMatch(/ @\.\.\/home\/javac\.sources$/)
  })

  it.each([
    ['8', 17],
    ['11', 17],
    ['17', 17],
    ['21', 25],
  ])('compiles Java %s with the nearest JDK, %i', async (version, release) => {
    const { argv } = await planned({ 'A.java': '' }, version)
    expect(argv[0]).toBe(`/usr/lib/jvm/jdk-${release}/bin/javac`)
    expect(argv).toContain(version)
  })

  it('tells a JDK 8, which knows no --release, in its own words', async () => {
    const { argv } = await planned({ 'A.java': '' }, '8', { jdks: [jdk(8)] })
    expect(argv.join(' ')).toContain('-source 8 -target 8')
  })

  it('says what is missing where every JDK is too old', async () => {
    const tried = planned({ 'A.java': '' }, '21', { jdks: [jdk(17), jdk(11)] })
    await expect(tried).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: 'Java 21 needs a JDK 21 or newer; this worker has 17.0.1, 11.0.1',
      hint: expect.stringContaining('JDK 21'),
    })
    const none = planned({ 'A.java': '' }, '17', { jdks: [] })
    await expect(none).rejects.toMatchObject({ code: 'TOOL_MISSING', message: 'no JDK here' })
  })

  it('runs annotation processors only where libraries could bring one', async () => {
    const flag = async (files: Record<string, string>, version: string) => {
      const { argv } = await planned(files, version)
      return argv.filter((word) => word.startsWith('-proc'))
    }
    expect(await flag({ 'A.java': '' }, '17')).toEqual(['-proc:none'])
    expect(await flag({ 'A.java': '', 'lib/lombok.jar': '' }, '17')).toEqual([])
    expect(await flag({ 'A.java': '', 'lib/lombok.jar': '' }, '21')).toEqual(['-proc:full'])
  })

  it('says what it expected where there is nothing to compile', async () => {
    const tried = planned({ 'index.js': '' })
    await expect(tried).rejects.toMatchObject({
      code: 'ENTRY_MISSING',
      message: 'expected a pom.xml, .java files or jars, found index.js',
    })
  })
})

describe('plan of a Maven project', () => {
  it('is one run with registries, no tests, and the libraries beside the jar', async () => {
    const stage = await planned({ 'pom.xml': '<project/>', 'src/main/java/A.java': '' })
    expect(stage).toMatchObject({
      name: 'mvn package',
      network: 'registries',
      env: { JAVA_HOME: '/usr/lib/jvm/jdk-17', HOME: '/build/home', LC_ALL: 'C.UTF-8' },
      because: 'there is a pom.xml; the request says Java 17',
    })
    expect(stage.argv.slice(0, 3)).toEqual(['/bin/sh', '/build/home/run-maven.sh', maven.path])
    expect(stage.argv).toEqual(
      expect.arrayContaining([
        '-Dmaven.repo.local=/cache/maven',
        '-Dmaven.test.skip=true',
        '-DincludeScope=runtime',
        '-DoutputDirectory=target/packline-libraries',
        'package',
      ]),
    )
    expect(stage.tools.map(({ name }) => name)).toEqual(['Maven', 'JDK'])
  })

  it('sets release and encoding where no pom does', async () => {
    const flags = await mavenFlags('<!-- <maven.compiler.release>8 --><version>1</version>', '11')
    expect(flags.filter((flag) => /compiler|Encoding/.test(flag))).toEqual([
      '-Dmaven.compiler.source=11',
      '-Dmaven.compiler.target=11',
      '-Dmaven.compiler.release=11',
      '-Dproject.build.sourceEncoding=UTF-8',
    ])
  })

  it('does not take the target of a script of Ant for a release', async () => {
    const flags = await mavenFlags('<configuration><target> <echo/></target></configuration>')
    expect(flags.filter((flag) => flag.includes('compiler'))).toHaveLength(3)
  })

  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Maven's own form
    '<configuration><target>${java}</target></configuration>',
    '<properties><maven.compiler.source>11</maven.compiler.source></properties>',
    '<configuration><source>11</source></configuration>',
    '<properties><java.version>17</java.version></properties>',
  ])('leaves the release to a pom that says %s', async (pom) => {
    const flags = await mavenFlags(pom)
    expect(flags.filter((flag) => flag.includes('compiler'))).toEqual([])
  })

  it('tells old plugins, which know no release, the one that a pom says', async () => {
    const said = '<maven.compiler.release> 11 </maven.compiler.release>'
    const flags = await mavenFlags(`<properties>${said}</properties>`)
    expect(flags.filter((flag) => flag.includes('compiler'))).toEqual([
      '-Dmaven.compiler.source=11',
      '-Dmaven.compiler.target=11',
    ])
  })

  it('leaves the encoding to a pom that says it', async () => {
    const flags = await mavenFlags(
      '<project.build.sourceEncoding>GBK</project.build.sourceEncoding>',
    )
    expect(flags.filter((flag) => flag.includes('Encoding'))).toEqual([])
  })

  it('hears what the pom of a module says', async () => {
    const { argv } = await planned({
      'pom.xml': '<project/>',
      'core/pom.xml': '<project><maven.compiler.target>8</maven.compiler.target></project>',
    })
    expect(argv.filter((flag) => flag.includes('compiler'))).toEqual([])
  })

  it('builds the module that has the handler, with its siblings', async () => {
    const { argv } = await planned({
      'pom.xml': '<project><modules><module>app</module></modules></project>',
      'app/pom.xml': '<project/>',
      'app/src/main/java/com/example/Hello.java': '',
    })
    expect(argv.join(' ')).toContain('--projects app --also-make')
    const alone = await planned({ 'pom.xml': '', 'src/main/java/com/example/Hello.java': '' })
    expect(alone.argv).not.toContain('--projects')
  })

  it("leaves Spring Boot's jar to HTTP functions", async () => {
    const skip = '-Dspring-boot.repackage.skip=true'
    expect(await mavenFlags('')).toContain(skip)
    const order = await orderOf({ runtime: 'java', type: 'http' }, { jdks: JDKS, maven })
    const [stage] = await plan(treeOf({ 'pom.xml': '', bootstrap: '' }), order)
    expect(stage?.argv).not.toContain(skip)
  })

  it('cleans only where an earlier build left something', async () => {
    expect(await mavenFlags('')).not.toContain('clean')
    const { argv } = await planned({ 'pom.xml': '<project/>', 'core/target/old.jar': '' })
    expect(argv.indexOf('clean')).toBeLessThan(argv.indexOf('package'))
    expect(argv).toContain('clean')
  })

  it('keeps the warnings of newer JDKs about Maven itself out of the log', async () => {
    const { env } = await planned({ 'pom.xml': '<project/>' }, '21')
    expect(env?.MAVEN_OPTS).toContain('--enable-native-access')
  })

  it('says how to install Maven where it is missing', async () => {
    const tried = planned({ 'pom.xml': '<project/>' }, '17', { jdks: JDKS })
    await expect(tried).rejects.toMatchObject({ code: 'TOOL_MISSING', message: 'no Maven here' })
  })
})

describe('plan of an HTTP function', () => {
  const http = (files: Record<string, TestFile>) => async () => {
    const order = await orderOf({ runtime: 'java', type: 'http' }, { jdks: JDKS, maven })
    return plan(treeOf(files), order)
  }

  it('says what to write into a bootstrap that is missing, before anything is built', async () => {
    await expect(http({ 'pom.xml': '' })()).rejects.toMatchObject({
      code: 'ENTRY_MISSING',
      message: expect.stringContaining('expected it at the root, or in the module that is built'),
      hint: expect.stringContaining(
        '"exec /opt/function/runtime/java17/rtsp/jre/bin/java -jar /opt/function/code/*.jar --server.port=8000"',
      ),
    })
  })

  it('takes a bootstrap in the module that is built', async () => {
    const app = { 'app/pom.xml': '', 'app/bootstrap': '' }
    const modules = '<project><modules><module>app</module></modules></project>'
    const [stage] = await http({ 'pom.xml': modules, ...app })()
    expect(stage?.argv).toContain('app')
  })
})

describe('entries', () => {
  it('wants bootstrap at the root of HTTP functions only', async () => {
    const http = await orderOf({ runtime: 'java', type: 'http' })
    const event = await orderOf({ runtime: 'java', handler: HANDLER })
    expect(entries(http)).toEqual(['bootstrap'])
    expect(entries(event)).toEqual([])
  })
})
