import type { BuildRequestInput } from '@packline/shared'
import { describe, expect, it } from 'vitest'
import { orderOf, treeOf } from '../../../../../test/harness/subject.ts'
import { moduleOf, placesAsked, readPoms } from './poms.ts'
import { projectOf } from './project.ts'

type Request = Partial<BuildRequestInput>

async function found(paths: string[], request: Request = {}) {
  const handler = request.type === 'http' ? undefined : 'com.example.Hello.handle'
  const order = await orderOf({ runtime: 'java', handler, ...request })
  return projectOf(treeOf(Object.fromEntries(paths.map((path) => [path, '']))), order)
}

describe('projectOf', () => {
  it.each([
    [['pom.xml', 'build.gradle'], 'maven', 'pom.xml'],
    [['build.gradle.kts', 'src/A.java'], 'gradle', 'build.gradle.kts'],
    [['settings.gradle', 'app/build.gradle'], 'gradle', 'settings.gradle'],
    [['app/pom.xml', 'src/A.java'], 'javac', 'the sources'],
  ] as const)('tells by %j that it is %s', async (paths, tool, because) => {
    expect(await found([...paths])).toMatchObject({ tool, because, root: '' })
  })

  it.each([
    ['com.example.Hello.handle', 'app/src/main/java/com/example/Hello.java'],
    ['com.example.Hello$Inner.handle', 'app/src/main/java/com/example/Hello.java'],
    ['com.example.HelloKt.handle', 'app/src/main/kotlin/com/example/Hello.kt'],
    ['Hello.handle', 'app/Hello.java'],
  ])('finds the folder of the source of %s', async (handler, path) => {
    const { entry } = await found(['pom.xml', path, 'app/src/test/java/com/example/Hello.java'], {
      handler,
    })
    expect(entry).toBe(path.slice(0, path.lastIndexOf('/')))
  })

  it('leaves it open where two sources could be it', async () => {
    const paths = ['pom.xml', 'a/src/com/example/Hello.java', 'b/src/com/example/Hello.java']
    expect((await found(paths)).entry).toBeUndefined()
  })

  it("takes an HTTP function's bootstrap for the place of its module", async () => {
    const paths = ['pom.xml', 'app/pom.xml', 'app/bootstrap']
    expect((await found(paths, { type: 'http' })).entry).toBe('app')
  })

  it('takes a module that is a project of its own for the root', async () => {
    const paths = ['web/index.html', 'functions/hello/pom.xml']
    const project = await found(paths, { build: { module: 'functions/hello' } })
    expect(project).toMatchObject({ root: 'functions/hello', module: '', tool: 'maven' })
  })

  it.each([
    ['none', ['pom.xml', 'app/pom.xml', 'app/core/pom.xml'], 'modules in it: app/core, app'],
    ['lib', ['src/A.java', 'lib/B.java'], 'neither it nor the root has a pom.xml'],
  ])('refuses the module %s', async (module, paths, message) => {
    await expect(found(paths, { build: { module } })).rejects.toThrow(message)
  })
})

describe('placesAsked', () => {
  it('has the line of each library, plugin and parent, whatever comments stand before it', async () => {
    const pom = `<project>
  <!-- two
       lines -->
  <parent><groupId>g</groupId><artifactId>parent</artifactId></parent>
  <dependencies>
    <dependency>
      <groupId>org.json</groupId>
      <artifactId>json</artifactId>
    </dependency>
  </dependencies>
  <build><plugins><plugin>
    <artifactId>maven-jar-plugin</artifactId>
  </plugin></plugins></build>
</project>`
    expect(placesAsked(await readPoms(treeOf({ 'app/pom.xml': pom }), ''))).toEqual({
      'g:parent': 'app/pom.xml:4',
      'org.json:json': 'app/pom.xml:8',
      'org.apache.maven.plugins:maven-jar-plugin': 'app/pom.xml:12',
    })
  })
})

describe('moduleOf', () => {
  const poms = {
    'pom.xml': '<modules><module>core</module><!-- <module>old</module> --></modules>',
    'core/pom.xml': '<modules><module> ../app </module></modules>',
    'app/pom.xml': '<project/>',
    'old/pom.xml': '<project/>',
  }
  const module = async (of: { module?: string; entry?: string }) => {
    const texts = await readPoms(treeOf(poms), '')
    return moduleOf({ tool: 'maven', root: '', because: 'pom.xml', ...of }, texts)
  }

  it('is the nearest folder with a pom that the root leads to', async () => {
    expect(await module({ entry: 'app/src/main/java' })).toBe('app')
    expect(await module({ entry: 'core' })).toBe('core')
  })

  it('is none where the source is in the root, or in a project that the root does not name', async () => {
    expect(await module({ entry: 'src/main/java' })).toBeUndefined()
    expect(await module({ entry: 'old/src' })).toBeUndefined()
    expect(await module({})).toBeUndefined()
  })

  it('is the one that is asked for, which must have a pom', async () => {
    expect(await module({ module: 'old', entry: 'app/src' })).toBe('old')
    await expect(module({ module: 'src' })).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
  })
})
