import { describe, expect, it } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { plainSources, resourcesOf } from './sources.ts'

const CLASS = 'package com.example;\nclass A {}'

async function resources(files: Record<string, string>) {
  return (await resourcesOf(treeOf(files))).map(({ path }) => path)
}

describe('plainSources', () => {
  it('compiles what is no test, and takes jars from any folder but those of tools', () => {
    const { sources, libraries } = plainSources(
      treeOf({
        'src/main/java/com/example/A.java': CLASS,
        'src/main/java/module-info.java': 'module a {}',
        'src/test/java/com/example/ATest.java': '',
        'test/B.java': '',
        '.mvn/wrapper/maven-wrapper.jar': '',
        'gradle/wrapper/gradle-wrapper.jar': '',
        'target/old.jar': '',
        'lib/gson.jar': '',
        'json.jar': '',
      }),
    )
    expect(sources.map(({ path }) => path)).toEqual(['src/main/java/com/example/A.java'])
    expect(libraries.map(({ path }) => path)).toEqual(['json.jar', 'lib/gson.jar'])
  })

  it('refuses two libraries of one name, which could not both stand at the root', () => {
    const tree = treeOf({ 'A.java': '', 'lib/a.jar': '', 'old/a.jar': '' })
    expect(() => plainSources(tree)).toThrow(
      'two libraries are called a.jar: lib/a.jar and old/a.jar',
    )
  })
})

describe('resourcesOf', () => {
  it('counts names from the folder that packages count from, whatever it is called', async () => {
    const layouts = [
      ['src/main/java/', 'src/main/java/com/example/words.txt'],
      ['src/', 'src/com/example/words.txt'],
      ['code/java/', 'code/java/com/example/words.txt'],
      ['', 'com/example/words.txt'],
    ]
    for (const [root, words = ''] of layouts) {
      const files = { [`${root}com/example/A.java`]: CLASS, [words]: '' }
      expect(await resources(files), root).toEqual(['com/example/words.txt'])
    }
  })

  it('finds them in src/main/resources', async () => {
    const files = {
      'src/main/java/com/example/A.java': CLASS,
      'src/main/resources/config/app.yaml': '',
      'src/main/resources/META-INF/services/x': '',
      'README.md': '',
    }
    expect(await resources(files)).toEqual(['META-INF/services/x', 'config/app.yaml'])
  })

  it('takes none of what no code reads from the root', async () => {
    const files = {
      'A.java': 'class A {}',
      'app.properties': '',
      'README.md': '',
      'packline.yaml': '',
      '.env': '',
      'lib/gson.jar': '',
      'src/test/java/x.txt': '',
    }
    expect(await resources(files)).toEqual(['app.properties'])
  })

  it('is not misled by a comment or an annotation before the package', async () => {
    const text =
      '\uFEFF/* package wrong; */\n// package wrong;\n@Deprecated\npackage com.例;\nclass A {}'
    const files = { 'app/com/例/A.java': text, 'app/com/例/a.txt': '' }
    expect(await resources(files)).toEqual(['com/例/a.txt'])
  })
})
