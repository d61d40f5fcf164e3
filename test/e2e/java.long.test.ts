import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  failureOf,
  javaRequest,
  LIBRARY,
  packageOf,
  pathsOf,
  sha256Of,
  WITH_LIBRARY,
} from '../../packages/engine/src/runtimes/java/test/builds.ts'
import { compileForTest } from '../../packages/engine/src/runtimes/java/test/classes.ts'
import { jarForTest, zipForTest } from '../../packages/engine/src/runtimes/java/test/jar.ts'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'

const HELLO = `package com.example;

import com.huawei.services.runtime.Context;

/** 你好 */
public class Hello {
  public void start(Context context) {}

  public String handle(String event, Context context) {
    return "你好 " + event + context.getFunctionName();
  }
}
`
let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())
beforeEach((context) => needs(context, 'java'))

async function buildUpload(bytes: Buffer, more: Partial<BuildRequestInput> = {}) {
  const upload = createHash('sha256').update(bytes).digest('hex')
  const source = { kind: 'upload', upload } as const
  return engine.build(javaRequest({ a: '' }, { ...more, source }), { uploads: { [upload]: bytes } })
}

describe('plain sources', () => {
  it.each(['Hello.java', 'src/main/java/com/example/Hello.java'])(
    '%s becomes one jar that a JVM of its release loads',
    async (path) => {
      const build = await engine.build(
        javaRequest({ [path]: HELLO }, { initializer: 'com.example.Hello.start' }),
      )
      expect(build.outcome).toMatchObject({
        status: 'succeeded',
        package: { format: 'jar' },
        report: { verdict: { verdict: 'proved' }, findings: [] },
      })
      expect(await pathsOf(build)).toEqual(['META-INF/MANIFEST.MF', 'com/example/Hello.class'])
    },
  )

  it('are the same bytes again, in another folder, with resources', async () => {
    const files = { 'src/com/example/Hello.java': HELLO, 'src/com/example/words.txt': '字' }
    const more = { build: { load: false } }
    const [first, second] = [
      await engine.build(javaRequest(files, more)),
      await engine.build(javaRequest(files, more)),
    ]
    expect(await pathsOf(first)).toContain('com/example/words.txt')
    expect(await sha256Of(first)).toBe(await sha256Of(second))
  })

  it('with a library become a ZIP that holds it unchanged beside the jar', async () => {
    const library = await jarForTest(compileForTest({ 'Text.java': LIBRARY }))
    const build = await engine.build(
      javaRequest({
        'Hello.java': WITH_LIBRARY,
        'lib/text.jar': { base64: library.toString('base64') },
      }),
    )
    expect(await pathsOf(build)).toEqual(['hello.jar', 'text.jar'])
    const archive = await packageOf(build)
    expect(await archive.read('text.jar', 1e6)).toEqual(library)
    await archive.close()
    expect(build.outcome).toMatchObject({ report: { verdict: { verdict: 'proved' } } })
  })

  it('that do not compile fail with the lines of the compiler', async () => {
    const files = { 'src/com/example/Hello.java': HELLO.replace('event + c', 'evnt + c') }
    const failure = failureOf(await engine.build(javaRequest(files)))
    expect(failure).toMatchObject({
      code: 'COMPILE_FAILED',
      detail: 'src/com/example/Hello.java:10: cannot find symbol',
      step: 'make',
    })
    expect(failure.output?.join('\n')).toContain('symbol:   variable evnt')
  })

  it('for a newer release than the JVM of that name are loaded by a newer one', async () => {
    const build = await engine.build(javaRequest({ 'Hello.java': HELLO }, { version: '8' }))
    expect(build.outcome).toMatchObject({
      status: 'succeeded',
      report: { verdict: { verdict: 'checked', because: expect.stringContaining('Java 8') } },
    })
  })
})

describe('a handler that does not start', () => {
  it.each([
    ['com.example.Helo.handle', 'the class com.example.Helo is not in the jar'],
    ['Hello.handle', 'the class Hello is not in the jar'],
    ['com.example.Hello.handel', 'has no method "handel"; it has start(Context), handle(String'],
  ])('%s is told from the class files alone', async (handler, message) => {
    const failure = failureOf(await engine.build(javaRequest({ 'Hello.java': HELLO }, { handler })))
    expect(failure.detail).toContain(message)
    expect(failure.hint).toContain('com.example.Hello.handle')
  })

  it.each([
    [
      'a static initializer that throws',
      'static { if (true) throw new IllegalStateException("no 数据库"); }',
      'java.lang.IllegalStateException: no 数据库 (at com.example.Hello.<clinit>(Hello.java:',
    ],
    [
      'a constructor that throws',
      'public Hello() { throw new RuntimeException("no disk"); }',
      'java.lang.RuntimeException: no disk',
    ],
    [
      'a constructor that wants something',
      'public Hello(int size) {}',
      'no public constructor without parameters',
    ],
    ['a process that ends', 'static { System.exit(3); }', 'the process ended with exit code 3'],
  ])('is told by the load: %s', async (_, line, message) => {
    const source = HELLO.replace('public class Hello {\n', `public class Hello {${line}\n`)
      .replace('import', '\nimport')
      .replace('\n\n', '\n')
      .replace('/** 你好 */\n', '')
    const failure = failureOf(await engine.build(javaRequest({ 'Hello.java': source })))
    expect(failure).toMatchObject({ code: 'VALIDATION_FAILED', step: 'validate' })
    expect(failure.detail).toContain(message)
  })

  it('names the class that is in none of the jars', async () => {
    const classes = compileForTest({
      'Text.java': LIBRARY,
      'Hello.java': WITH_LIBRARY.replace(
        'public class Hello',
        'public class Hello extends lib.Text',
      ),
    })
    delete classes['lib/Text.class']
    const failure = failureOf(await buildUpload(await jarForTest(classes)))
    expect(failure.detail).toContain('the class lib.Text is in none of the package')
  })

  it('tells parameters that the platform does not give', async () => {
    const source = HELLO.replace('String event, Context', 'String event, int count, Context')
    const failure = failureOf(await engine.build(javaRequest({ 'Hello.java': source })))
    expect(failure.detail).toContain('the platform gives (event, Context)')
  })
})

describe('a finished package', () => {
  const classes = () => compileForTest({ 'Hello.java': HELLO })

  it('that is a jar passes through byte for byte', async () => {
    const bytes = await jarForTest(classes())
    const build = await buildUpload(bytes)
    expect(build.outcome).toMatchObject({
      status: 'succeeded',
      package: { format: 'jar' },
      report: { as: 'package', mended: [], verdict: { verdict: 'proved' } },
    })
    expect(await readFile(build.path ?? '')).toEqual(bytes)
  })

  it('that is a ZIP of jars passes through byte for byte', async () => {
    const library = await jarForTest(compileForTest({ 'Text.java': LIBRARY }))
    const bytes = await zipForTest({
      'function.jar': await jarForTest(classes()),
      'text.jar': library,
    })
    const build = await buildUpload(bytes)
    expect(build.outcome).toMatchObject({ status: 'succeeded', package: { format: 'zip' } })
    expect(await readFile(build.path ?? '')).toEqual(bytes)
  })

  it('in a wrapping folder is refused with its name', async () => {
    const bytes = await zipForTest({ 'hello-1.0/function.jar': await jarForTest(classes()) })
    const failure = failureOf(await buildUpload(bytes, { build: { unwrap: false } }))
    expect(failure.detail).toContain('everything lies in the folder "hello-1.0"')
  })

  it('that is a Spring Boot jar is refused for event functions', async () => {
    const bytes = await jarForTest({
      'BOOT-INF/classes/com/example/Hello.class': 'x',
      'org/A.class': 'x',
    })
    const failure = failureOf(await buildUpload(bytes))
    expect(failure.detail).toContain('java-jar: the jar is a Spring Boot jar')
  })

  it('made for a newer Java than the function has is refused', async () => {
    const failure = failureOf(await buildUpload(await jarForTest(classes()), { version: '11' }))
    expect(failure.detail).toBe(
      'java-release: com.example.Hello is compiled for Java 17; the function runs on Java 11',
    )
  })
})

describe('an HTTP function', () => {
  const SERVER = `import com.sun.net.httpserver.HttpServer;
public class Server {
  public static void main(String[] arguments) throws Exception {
    HttpServer server = HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", 8000), 0);
    server.createContext("/", exchange -> { exchange.sendResponseHeaders(200, -1); exchange.close(); });
    server.start();
  }
}
`
  it('is a ZIP of the jar and its bootstrap, which is started', async () => {
    const build = await engine.build(
      javaRequest(
        { 'Server.java': SERVER, bootstrap: '#!/bin/sh\nexec java -cp hello.jar Server\n' },
        { type: 'http', handler: undefined },
      ),
    )
    expect(await pathsOf(build)).toEqual(['bootstrap', 'hello.jar'])
    expect(build.outcome).toMatchObject({ report: { verdict: { verdict: 'proved' } } })
  })
})
