import type { BuildRequestInput, Finding } from '@packline/shared'
import { beforeEach, describe, expect, it } from 'vitest'
import { needs } from '../../../../../test/harness/needs.ts'
import { orderOf, subjectOf, type TestFile } from '../../../../../test/harness/subject.ts'
import { check } from './check.ts'
import { compileForTest } from './test/classes.ts'
import { jarForTest } from './test/jar.ts'

const SOURCES = {
  'Hello.java': `package com.example;
import com.huawei.services.runtime.Context;
public class Hello extends Base {
  public String handle(String event, Context context) { return event; }
  public void start(Context context) {}
  private void secret() {}
  public static class Inner { public String handle(String event) { return event; } }
}
`,
  'Base.java': `package com.example;
public abstract class Base { public String inherited(String event) { return event; } }
`,
  'Other.java': 'package com.example; class Other { public void handle(String event) {} }',
}

let compiled: Record<string, Buffer> | undefined
const classes = () => {
  compiled ??= compileForTest(SOURCES)
  return compiled
}
beforeEach((context) => needs(context, 'java'))

async function checked(
  files: Record<string, TestFile>,
  request: Partial<BuildRequestInput> = {},
): Promise<readonly Finding[]> {
  const handler = request.type === 'http' ? undefined : 'com.example.Hello.handle'
  const order = await orderOf({ runtime: 'java', version: '17', handler, ...request })
  return check(await subjectOf(order, files))
}

const manifest = { 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n\r\n' }
const asJar = (handler: string, initializer?: string) =>
  checked({ ...manifest, ...classes() }, { handler, initializer })

describe('check of a jar', () => {
  it.each([
    'com.example.Hello.handle',
    'com.example.Hello.inherited',
    'com.example.Hello$Inner.handle',
  ])('finds nothing wrong with %s', async (handler) => {
    expect(await asJar(handler)).toEqual([])
  })

  it('takes the initializer of the same class', async () => {
    expect(await asJar('com.example.Hello.handle', 'com.example.Hello.start')).toEqual([])
    const [finding] = await asJar('com.example.Hello.handle', 'com.example.Hello.stop')
    expect(finding).toMatchObject({ rule: 'initializer', level: 'error' })
    expect(finding?.message).toContain('com.example.Hello has no method "stop"')
  })

  it.each([
    ['com.example.Helo.handle', 'There is com.example.Hello: name it as com.example.Hello.handle.'],
    ['com.exmaple.Hello.handle', 'There is com.example.Hello'],
    ['Hello.handle', 'There is com.example.Hello'],
    ['com.example.hello.handle', 'There is com.example.Hello'],
    ['org.Unknown.handle', 'Name the class with its whole package'],
  ])('offers what was meant by %s', async (handler, hint) => {
    const [finding, ...more] = await asJar(handler)
    expect(finding).toMatchObject({ rule: 'handler-exists', level: 'error' })
    expect(finding?.message).toMatch(/^the class .* is not in the jar$/)
    expect(finding?.hint).toContain(hint)
    expect(more).toEqual([])
  })

  it('tells the methods that there are', async () => {
    const [finding] = await asJar('com.example.Hello.handel')
    expect(finding?.message).toBe(
      'com.example.Hello has no method "handel"; it has handle(String, Context), start(Context), inherited(String)',
    )
    expect(finding?.hint).toBe('Name it in the handler as com.example.Hello.handle.')
  })

  it('wants class and method to be public', async () => {
    const [method] = await asJar('com.example.Hello.secret')
    expect(method?.message).toBe('com.example.Hello.secret is not public')
    const [other] = await asJar('com.example.Other.handle')
    expect(other?.message).toBe('com.example.Other is not public')
  })

  it('says nothing of methods that a class of the platform or elsewhere may have', async () => {
    const { 'com/example/Base.class': _, ...without } = classes()
    const files = { ...manifest, ...without }
    const [finding, ...more] = await checked(files, { handler: 'com.example.Hello.inherited' })
    expect(finding).toMatchObject({ rule: 'java-missing-classes', level: 'warning' })
    expect(more).toEqual([])
  })

  it('refuses a file of that name that is no class', async () => {
    const [finding] = await checked({ ...manifest, 'com/example/Hello.class': 'text' })
    expect(finding?.message).toBe(
      'com/example/Hello.class is not the class file of com.example.Hello',
    )
  })
})

describe('check of a ZIP', () => {
  it('finds the class in any jar at the root, with its super class in another', async () => {
    const { 'com/example/Base.class': base, ...rest } = classes()
    const files = {
      'function.jar': await jarForTest(rest),
      'base.jar': await jarForTest({ 'com/example/Base.class': base ?? '' }),
    }
    expect(await checked(files)).toEqual([])
    const [finding] = await checked(files, { handler: 'com.example.Hello.none' })
    expect(finding).toMatchObject({ path: 'function.jar' })
    expect(finding?.message).toContain('inherited(String)')
  })

  it('names the jars that it looked into', async () => {
    const [finding] = await checked({ 'a.jar': await jarForTest({}) })
    expect(finding?.message).toBe(
      "the class com.example.Hello is in none of the root's jars (a.jar)",
    )
  })

  it('leaves the class to the load check where a jar can not be looked into', async () => {
    const [finding] = await checked({ 'a.jar': await jarForTest({}), 'odd.jar': 'no zip' })
    expect(finding).toMatchObject({ level: 'warning', path: 'odd.jar' })
  })

  it.each([
    [
      'a folder around everything',
      ['app/hello.jar', 'app/gson.jar'],
      'everything lies in the folder "app"; expected the jars at the root, found app/gson.jar, app/hello.jar',
    ],
    ['jars in lib/ only', ['lib/a.jar', 'b.txt'], 'expected a jar at the root, found lib/a.jar'],
    ['no jar', ['index.js'], 'expected a jar at the root, found index.js'],
    ['classes without a jar', ['com/A.class'], 'expected a jar at the root, found com/A.class'],
  ])('refuses %s', async (_, paths, message) => {
    const findings = await checked(Object.fromEntries(paths.map((path) => [path, ''])))
    expect(findings).toMatchObject([{ rule: 'java-jar', level: 'error', message }])
  })

  it('warns of jars in folders, which are not on the class path', async () => {
    const files = { 'function.jar': await jarForTest(classes()), 'lib/gson.jar': '' }
    expect(await checked(files)).toMatchObject([
      { rule: 'java-jar', level: 'warning', path: 'lib/gson.jar' },
    ])
  })

  it('refuses a Spring Boot jar for event functions only', async () => {
    const boot = await jarForTest({ 'BOOT-INF/lib/a.jar': 'x', 'org/Launcher.class': 'x' })
    const [finding] = await checked({ 'boot.jar': boot })
    expect(finding).toMatchObject({ rule: 'java-jar', level: 'error', path: 'boot.jar' })
    expect(finding?.message).toContain('boot.jar is a Spring Boot jar')
    expect(await checked({ 'boot.jar': boot, bootstrap: '' }, { type: 'http' })).toEqual([])
  })
})
