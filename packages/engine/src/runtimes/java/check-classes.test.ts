import { openArchive } from '@packline/archive'
import type { Finding } from '@packline/shared'
import { beforeEach, describe, expect, it } from 'vitest'
import { needs } from '../../../../../test/harness/needs.ts'
import { orderOf, subjectOf, type TestFile } from '../../../../../test/harness/subject.ts'
import type { Attached } from '../runtime.ts'
import { check } from './check.ts'
import { compileForTest } from './test/classes.ts'
import { jarForTest, zipForTest } from './test/jar.ts'

const SOURCES = {
  'Hello.java': `package com.example;
public class Hello {
  public String handle(String event) { return event.isEmpty() ? lib.Text.of() : Part.word(); }
  public other.Thing[] things() { return null; }
}
class Part { static String word() { return "x"; } }
`,
  'lib/Text.java': `package lib;
public class Text extends base.Root {
  public static String of() { return String.valueOf(new extra.Option()); }
}
`,
  'Root.java': 'package base; public class Root {}',
  'Option.java': 'package extra; public class Option {}',
  'Thing.java': 'package other; public class Thing {}',
}

const compiled = new Map<string, Record<string, Buffer>>()
function classes(release: string): Record<string, Buffer> {
  const made = compiled.get(release) ?? compileForTest(SOURCES, ['--release', release])
  compiled.set(release, made)
  return made
}

/** A jar of the classes below these folders. */
function jarOf(folders: string[], release = '11', more: Record<string, TestFile> = {}) {
  const wanted = Object.entries(classes(release)).filter(([path]) =>
    folders.some((folder) => path.startsWith(folder)),
  )
  return jarForTest({ ...Object.fromEntries(wanted), ...more })
}

beforeEach((context) => needs(context, 'java'))

async function checked(
  files: Record<string, TestFile>,
  dependencies: readonly Attached[] = [],
): Promise<readonly Finding[]> {
  const order = await orderOf({
    runtime: 'java',
    version: '11',
    handler: 'com.example.Hello.handle',
  })
  return check({ ...(await subjectOf(order, files)), dependencies })
}

const whole = async () => ({
  'function.jar': await jarOf(['com/']),
  'all.jar': await jarOf(['lib/', 'base/', 'extra/', 'other/']),
})

describe('java-missing-classes', () => {
  it('says nothing where every class is in a jar', async () => {
    expect(await checked(await whole())).toEqual([])
  })

  it('names what own code and its members need, and what that can not be loaded without', async () => {
    const findings = await checked({
      'function.jar': await jarOf(['com/']),
      'text.jar': await jarOf(['lib/', 'extra/']),
    })
    expect(findings).toMatchObject([
      { rule: 'java-missing-classes', level: 'warning', path: 'function.jar' },
    ])
    expect(findings[0]?.message).toBe(
      'classes that the function needs are in no jar: other.Thing (by com.example.Hello in function.jar), base.Root (by lib.Text in text.jar)',
    )
  })

  it('folds what only libraries refer to into one note', async () => {
    const findings = await checked({
      'function.jar': await jarOf(['com/']),
      'text.jar': await jarOf(['lib/', 'base/', 'other/']),
    })
    expect(findings).toMatchObject([{ rule: 'java-missing-classes', level: 'note' }])
    expect(findings[0]?.message).toContain('extra.Option (by lib.Text in text.jar)')
  })

  it('does not follow classes that nothing leads to', async () => {
    const unused = await jarForTest(
      compileForTest({
        'A.java': 'package unused; public class A { Object b = new gone.B(); }',
        'B.java': 'package gone; public class B {}',
      }),
    )
    expect(unused.includes('gone/B.class')).toBe(true)
    const files = { ...(await whole()), 'unused.jar': await jarOf([], '11', await without(unused)) }
    expect(await checked(files)).toEqual([])
  })

  it('finds the classes of dependency packages that are attached', async () => {
    const files = { 'function.jar': await jarOf(['com/']) }
    const { 'all.jar': rest } = await whole()
    const bytes = await zipForTest({ 'all.jar': rest })
    const limits = { entriesMax: 100, unpackedBytesMax: 1e8, ratioMax: 1100 }
    const archive = await openArchive({ bytes }, { limits })
    const folder = () => Promise.reject(new Error('this test has no folder'))
    const attached = { name: 'libs', revision: 2, archive, folder }
    expect(await checked(files)).toHaveLength(1)
    expect(await checked(files, [attached])).toEqual([])
  })

  it('says nothing where a jar can not be looked into, which may have it', async () => {
    const files = { 'function.jar': await jarOf(['com/']), 'odd.jar': 'no zip' }
    expect(await checked(files)).toEqual([])
  })

  it('takes what a jar holds of its libraries for theirs', async () => {
    const findings = await checked({ 'fat.jar': await jarOf(['com/', 'lib/', 'base/', 'other/']) })
    expect(findings).toMatchObject([{ level: 'note' }])
  })
})

/** The one class of a jar that refers to what no jar has; built for Java 11 like the others. */
async function without(jar: Buffer): Promise<Record<string, Buffer>> {
  const limits = { entriesMax: 100, unpackedBytesMax: 1e8, ratioMax: 1100 }
  const archive = await openArchive({ bytes: jar }, { limits })
  const bytes = await archive.read('unused/A.class', 1e6)
  bytes.writeUInt16BE(55, 6)
  return { 'unused/A.class': bytes }
}

describe('java-release', () => {
  it('refuses own classes that are newer, with the jar and how many', async () => {
    const findings = await checked({
      ...(await whole()),
      'function.jar': await jarOf(['com/'], '17'),
    })
    expect(findings).toMatchObject([{ rule: 'java-release', level: 'error', path: 'function.jar' }])
    expect(findings[0]?.message).toBe(
      'com.example.Hello in function.jar is compiled for Java 17 (and 1 more of its classes); the function runs on Java 11',
    )
  })

  it('refuses a library that is reached, also by way of another', async () => {
    const findings = await checked({
      'function.jar': await jarOf(['com/']),
      'some.jar': await jarOf(['lib/', 'base/', 'other/']),
      'extra.jar': await jarOf(['extra/'], '17'),
    })
    expect(findings).toMatchObject([{ level: 'error', path: 'extra.jar' }])
    expect(findings[0]?.message).toContain('extra.Option in extra.jar is compiled for Java 17')
  })

  it('warns of a jar that is newer as a whole and not reached, notes single classes', async () => {
    const newer = classes('17')['base/Root.class'] ?? Buffer.alloc(0)
    const files = { ...(await whole()), 'unused.jar': await jarForTest({ 'a/B.class': newer }) }
    expect(await checked(files)).toMatchObject([{ level: 'warning', path: 'unused.jar' }])
    const older = classes('11')['base/Root.class'] ?? Buffer.alloc(0)
    const mixed = await jarForTest({ 'a/B.class': newer, 'a/C.class': older })
    expect(await checked({ ...files, 'unused.jar': mixed })).toMatchObject([
      { level: 'note', path: 'unused.jar' },
    ])
  })

  it('passes over declarations of modules, which Java 8 libraries have too', async () => {
    const module = { 'module-info.class': classes('17')['base/Root.class'] ?? '' }
    const all = await jarOf(['lib/', 'base/', 'extra/', 'other/'], '11', module)
    expect(await checked({ ...(await whole()), 'all.jar': all })).toEqual([])
  })

  it("looks at a multi-release jar's classes as a JVM of the release does", async () => {
    const at = (release: number, name = 'base/Root') => `META-INF/versions/${release}/${name}.class`
    const newer = classes('17')['base/Root.class'] ?? Buffer.alloc(0)
    const manifest = (text: string) => ({
      'META-INF/MANIFEST.MF': `Manifest-Version: 1.0\r\n${text}\r\n`,
    })
    const jar = (files: Record<string, TestFile>) =>
      jarOf(['lib/', 'base/', 'extra/', 'other/'], '11', files)
    const multi = manifest('Multi-Release: true\r\n')
    const check = async (files: Record<string, TestFile>) =>
      checked({ ...(await whole()), 'all.jar': await jar(files) })
    expect(await check({ ...multi, [at(17)]: newer })).toEqual([])
    expect(await check({ ...manifest(''), [at(9)]: newer })).toEqual([])
    expect(await check({ ...multi, [at(9)]: newer })).toMatchObject([
      { rule: 'java-release', level: 'error', path: 'all.jar' },
    ])
  })
})
