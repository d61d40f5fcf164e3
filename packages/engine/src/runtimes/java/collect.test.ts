import { openArchive, writeZip } from '@packline/archive'
import type { BuildRequestInput } from '@packline/shared'
import { describe, expect, it } from 'vitest'
import { orderOf, type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import type { Made } from '../../package.ts'
import { collect } from './collect.ts'
import { jarForTest } from './test/jar.ts'

const LIMITS = { entriesMax: 1000, unpackedBytesMax: 1e8, ratioMax: 1100 }

async function collected(
  source: Record<string, TestFile>,
  output: Record<string, TestFile> = {},
  request: Partial<BuildRequestInput> = {},
): Promise<Made> {
  const handler = request.type === 'http' ? undefined : 'com.example.Hello.handle'
  const order = await orderOf({ runtime: 'java', handler, ...request })
  return collect(treeOf(source), treeOf(output), order)
}

const pathsOf = ({ entries }: Made) => entries.map(({ path }) => path).sort()

/** What the package holds under this path, as it is written. */
async function read(made: Made, path: string): Promise<Buffer> {
  const packed = await writeZip(made.entries, { memory: true }, { jar: made.format === 'jar' })
  const archive = await openArchive(packed.content, { limits: LIMITS })
  return archive.read(path, 1e8)
}

const SOURCE = { 'src/com/example/Hello.java': 'package com.example;\npublic class Hello {}' }
const OUTPUT = { 'classes/com/example/Hello.class': 'class' }

describe('collect of plain sources', () => {
  it('makes one jar with a manifest that is always the same', async () => {
    const made = await collected(SOURCE, OUTPUT)
    expect(made.format).toBe('jar')
    expect(pathsOf(made)).toEqual(['META-INF/MANIFEST.MF', 'com/example/Hello.class'])
    const manifest = (await read(made, 'META-INF/MANIFEST.MF')).toString()
    expect(manifest).toBe('Manifest-Version: 1.0\r\nCreated-By: Packline\r\n\r\n')
  })

  it("keeps the source's own manifest", async () => {
    const own = { ...SOURCE, 'src/META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\nA: b\r\n\r\n' }
    const made = await collected(own, OUTPUT)
    expect((await read(made, 'META-INF/MANIFEST.MF')).toString()).toContain('A: b')
  })

  it('puts libraries unchanged at the root, beside a jar named after the function', async () => {
    const library = await jarForTest({ 'a.txt': 'a' })
    const made = await collected({ ...SOURCE, 'lib/gson.jar': library }, OUTPUT)
    expect(made.format).toBe('zip')
    expect(pathsOf(made)).toEqual(['gson.jar', 'hello.jar'])
    expect(await read(made, 'gson.jar')).toEqual(library)
    const again = await collected({ ...SOURCE, 'lib/gson.jar': library }, OUTPUT)
    expect(await read(made, 'hello.jar')).toEqual(await read(again, 'hello.jar'))
  })

  it('gives way to a library that is called like the function', async () => {
    const made = await collected({ ...SOURCE, 'lib/hello.jar': await jarForTest({}) }, OUTPUT)
    expect(pathsOf(made)).toEqual(['hello-function.jar', 'hello.jar'])
  })

  it('puts bootstrap, executable, beside the jar of an HTTP function', async () => {
    const made = await collected({ ...SOURCE, bootstrap: '#!/bin/sh\n' }, OUTPUT, { type: 'http' })
    expect(pathsOf(made)).toEqual(['bootstrap', 'hello.jar'])
    expect(made.entries.find(({ path }) => path === 'bootstrap')?.executable).toBe(true)
  })
})

const MANIFEST = `Manifest-Version: 1.0\r
Built-By: somebody\r
Main-Class: com.example.AVeryLongNameThatMavenCutsIntoTwoLinesBecauseItI\r
 sTooLong\r
Build-Jdk: 17.0.15\r
Created-By: Apache Maven 3.8.7 and a name so long that it needs another \r
 line\r
\r
Name: com/example/\r
Implementation-Title: hello\r
\r
`

describe('collect of a Maven project', () => {
  const built = (files: Record<string, TestFile> = {}) =>
    jarForTest({ 'META-INF/MANIFEST.MF': MANIFEST, 'com/example/Hello.class': 'x', ...files })
  const pom = { 'pom.xml': '<project/>' }

  it('makes one jar, without what plugins write of machine and time', async () => {
    const properties = 'META-INF/maven/com.example/hello/pom.properties'
    const jar = await built({ [properties]: '#Mon Nov 23 05:48:05 UTC 2026\nversion=1.0\n' })
    const made = await collected({ ...pom, 'target/hello-1.0.jar': jar })
    expect(made.format).toBe('jar')
    const manifest = (await read(made, 'META-INF/MANIFEST.MF')).toString()
    expect(manifest).toContain('ItI\r\n sTooLong\r\n\r\nName: com/example/')
    expect(manifest).not.toMatch(/Built-By|Build-Jdk|Created-By|\n line/)
    expect((await read(made, properties)).toString()).toBe('version=1.0\n')
  })

  it('leaves a signed manifest as it is', async () => {
    const jar = await built({ 'META-INF/ME.SF': '' })
    const made = await collected({ ...pom, 'target/hello.jar': jar })
    expect((await read(made, 'META-INF/MANIFEST.MF')).toString()).toBe(MANIFEST)
  })

  it('puts the libraries of its module beside it, as they came', async () => {
    const library = await built()
    const files = {
      ...pom,
      'target/hello-1.0.jar': await built(),
      'target/hello-1.0-sources.jar': await built(),
      'target/packline-libraries/gson.jar': library,
      'other/target/packline-libraries/unrelated.jar': library,
    }
    const made = await collected(files)
    expect(pathsOf(made)).toEqual(['gson.jar', 'hello-1.0.jar'])
    expect(await read(made, 'gson.jar')).toEqual(library)
  })

  it('tells libraries of one file name apart by their group', async () => {
    const place = 'target/packline-libraries'
    const made = await collected({
      ...pom,
      'target/hello-1.0.jar': await built(),
      [`${place}/com/one/core/1/core-1.jar`]: await built(),
      [`${place}/org/two/core/1/core-1.jar`]: await built({ 'b.txt': 'b' }),
      [`${place}/org/two/hello/1.0/hello-1.0.jar`]: await built({ 'c.txt': 'c' }),
    })
    expect(pathsOf(made)).toEqual([
      'core-1.jar',
      'hello-1.0.jar',
      'org.two-core-1.jar',
      'org.two-hello-1.0.jar',
    ])
  })

  it('puts nothing beside a jar that Spring Boot has made', async () => {
    const boot = await built({ 'BOOT-INF/classes/com/example/Hello.class': 'x' })
    const library = { 'target/packline-libraries/a/b/1/b-1.jar': await built() }
    const files = { ...pom, 'target/hello.jar': boot, ...library, bootstrap: '#!/bin/sh\n' }
    const made = await collected(files, {}, { type: 'http' })
    expect(pathsOf(made)).toEqual(['bootstrap', 'hello.jar'])
  })

  it.each([
    ['shade', { 'target/original-hello.jar': '' }, 'target/hello.jar'],
    ['assembly', { 'target/hello.jar': '' }, 'target/hello-jar-with-dependencies.jar'],
  ])('takes the one jar that %s has put everything into', async (_, beside, whole) => {
    const files = { ...pom, ...beside, 'target/packline-libraries/gson.jar': await built() }
    const made = await collected({ ...files, [whole]: await built() })
    expect(made.format).toBe('jar')
  })

  it('takes the module whose jar has the handler', async () => {
    const files = {
      ...pom,
      'core/target/core.jar': await jarForTest({ 'lib/Text.class': 'x' }),
      'app/target/app.jar': await built(),
      'app/target/packline-libraries/core.jar': await jarForTest({ 'lib/Text.class': 'x' }),
    }
    expect(pathsOf(await collected(files))).toEqual(['app.jar', 'core.jar'])
  })

  it('delivers what it can not write again in a ZIP', async () => {
    const made = await collected({ ...pom, 'target/hello.jar': 'names that differ by case only' })
    expect(made.format).toBe('zip')
    expect(pathsOf(made)).toEqual(['hello.jar'])
  })

  it('reads the jars of plugins that give folders the mode -1', async () => {
    const jar = await built({ 'a.txt': 'a' })
    const record = jar.indexOf(Buffer.from('PK\x01\x02', 'latin1'))
    jar.writeUInt16LE(0xffff, record + 40)
    expect((await collected({ ...pom, 'target/hello.jar': jar })).format).toBe('jar')
  })

  it('says what it found where Maven made no jar', async () => {
    await expect(collected({ ...pom, 'target/hello.war': '' })).rejects.toMatchObject({
      code: 'COMPILE_FAILED',
      message: 'Maven was to make a jar in target/; found only target/hello.war',
    })
  })
})

describe('collect of a Gradle project', () => {
  const gradle = { 'build.gradle': '' }
  const jar = (files: Record<string, TestFile> = {}) =>
    jarForTest({ 'com/example/Hello.class': 'x', ...files })

  it('makes one jar, or a ZIP with what its task has laid beside it', async () => {
    const own = { 'gradle/0/jar/hello.jar': await jar() }
    expect((await collected(gradle, own)).format).toBe('jar')
    const library = await jarForTest({ 'a.txt': 'a' })
    const made = await collected(gradle, {
      ...own,
      'gradle/0/libraries/com/one/core/1/core.jar': library,
      'gradle/0/libraries/com/one/docs/1/docs.zip': 'no jar',
      'gradle/0/ours/shop/core/1/core.jar': await jarForTest({ 'b.txt': 'b' }),
    })
    expect(pathsOf(made)).toEqual(['core.jar', 'hello.jar', 'shop-core.jar'])
    expect(await read(made, 'core.jar')).toEqual(library)
  })

  it('takes a whole jar alone, and the module that has the handler', async () => {
    const library = { 'gradle/0/libraries/a/b/1/b.jar': await jarForTest({}) }
    const whole = { 'gradle/0/whole/hello-all.jar': await jar(), ...library }
    expect((await collected(gradle, whole)).format).toBe('jar')
    const made = await collected(gradle, {
      'gradle/0/jar/core.jar': await jarForTest({}),
      ...library,
      'gradle/1/jar/app.jar': await jar(),
      'gradle/1/libraries/c/d/1/d.jar': await jarForTest({}),
    })
    expect(pathsOf(made)).toEqual(['app.jar', 'd.jar'])
  })

  it('says what it found where Gradle made no jar', async () => {
    await expect(collected(gradle, {})).rejects.toMatchObject({ code: 'COMPILE_FAILED' })
  })
})
