import { describe, expect, it } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { detect } from './detect.ts'

const files = (...paths: string[]) => treeOf(Object.fromEntries(paths.map((path) => [path, ''])))

describe('detect', () => {
  it.each([
    [
      'a jar that was uploaded',
      ['META-INF/MANIFEST.MF', 'a/B.class', 'a/B.java'],
      'META-INF/MANIFEST.MF',
    ],
    ['a ZIP of jars', ['hello.jar', 'gson.jar'], 'jars at the root'],
  ])('takes %s for finished', async (_, paths, finished) => {
    expect(await detect(files(...paths))).toMatchObject({ finished })
  })

  it('takes a project for source, whatever jars it holds', async () => {
    expect(await detect(files('pom.xml', 'hello.jar'))).toEqual({ because: 'pom.xml' })
    expect(await detect(files('Hello.java', 'gson.jar'))).toEqual({ because: 'Hello.java' })
    expect(await detect(files('build.gradle', 'gradle/wrapper/gradle-wrapper.jar'))).toEqual({
      because: 'build.gradle',
    })
  })

  it('says that a pom declares dependencies', async () => {
    const pom = '<project><dependencies><dependency/></dependencies></project>'
    const found = await detect(treeOf({ 'pom.xml': pom.replace('<dependency/>', '<dependency>') }))
    expect(found).toEqual({ because: 'pom.xml', declares: 'dependencies in pom.xml' })
  })

  it('finds sources at any depth', async () => {
    expect(await detect(files('src/main/java/com/example/A.java'))).toMatchObject({
      because: 'src/main/java/com/example/A.java',
    })
    expect(await detect(files('com/example/A.java'))).toMatchObject({
      because: 'com/example/A.java',
    })
  })

  it.each([
    [['app-main/pom.xml', 'app-main/src/main/java/A.java']],
    [['app/src/A.java', 'app/README.md']],
    [['app/hello.jar']],
    [['index.js']],
  ])('leaves %j, so that the one folder around it can be taken off', async (paths) => {
    expect(await detect(files(...paths))).toBeUndefined()
  })
})
