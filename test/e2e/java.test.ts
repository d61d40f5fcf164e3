import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Archive, openArchive, writeZip } from '@packline/archive'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compileForTest } from '../../packages/engine/src/runtimes/java/test-classes.ts'
import { readExamples } from '../../services/start/src/examples.ts'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'
import { treeOf } from '../harness/subject.ts'

const LIMITS = { entriesMax: 1000, unpackedBytesMax: 1e8, ratioMax: 1100 }

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
const LIBRARY = 'package lib;\npublic class Text { public static String of() { return "x"; } }'
const WITH_LIBRARY = `package com.example;
public class Hello {
  public String handle(String event) { return lib.Text.of(); }
}
`

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())
beforeEach((context) => needs(context, 'java'))

type Files = Extract<BuildRequestInput['source'], { kind: 'inline' }>['files']

function request(files: Files, more: Partial<BuildRequestInput> = {}): BuildRequestInput {
  const source = { kind: 'inline', files } as const
  const handler = 'com.example.Hello.handle'
  return { function: 'hello', runtime: 'java', version: '17', handler, source, ...more }
}

async function zipOf(files: Record<string, string | Buffer>, jar = false): Promise<Buffer> {
  const tree = treeOf(files)
  const entries = tree.files.map((file) => tree.entry(file))
  const { content } = await writeZip(entries, { memory: true, bytesMax: 1e8 }, { jar })
  return 'bytes' in content ? content.bytes : Buffer.alloc(0)
}

const jarOf = (files: Record<string, string | Buffer>) =>
  zipOf({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n\r\n', ...files }, true)

async function buildUpload(bytes: Buffer, more: Partial<BuildRequestInput> = {}) {
  const upload = createHash('sha256').update(bytes).digest('hex')
  const source = { kind: 'upload', upload } as const
  return engine.build(request({ a: '' }, { ...more, source }), { uploads: { [upload]: bytes } })
}

async function opened(build: TestBuild): Promise<Archive> {
  if (build.outcome.status === 'failed') throw new Error(JSON.stringify(build.outcome.failure))
  return openArchive({ path: build.path ?? '' }, { limits: LIMITS })
}

async function sha256Of({ path }: TestBuild): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path ?? ''))
    .digest('hex')
}

async function pathsOf(build: TestBuild): Promise<string[]> {
  const archive = await opened(build)
  await archive.close()
  return archive.entries.filter(({ kind }) => kind !== 'folder').map(({ path }) => path)
}

function failureOf({ outcome }: TestBuild) {
  if (outcome.status === 'succeeded') throw new Error('the build succeeded')
  return { ...outcome.failure, findings: outcome.report.findings }
}

describe('plain sources', () => {
  it.each(['Hello.java', 'src/main/java/com/example/Hello.java'])(
    '%s becomes one jar that a JVM of its release loads',
    async (path) => {
      const build = await engine.build(
        request({ [path]: HELLO }, { initializer: 'com.example.Hello.start' }),
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
      await engine.build(request(files, more)),
      await engine.build(request(files, more)),
    ]
    expect(await pathsOf(first)).toContain('com/example/words.txt')
    expect(await sha256Of(first)).toBe(await sha256Of(second))
  })

  it('with a library become a ZIP that holds it unchanged beside the jar', async () => {
    const library = await jarOf(compileForTest({ 'Text.java': LIBRARY }))
    const build = await engine.build(
      request({
        'Hello.java': WITH_LIBRARY,
        'lib/text.jar': { base64: library.toString('base64') },
      }),
    )
    expect(await pathsOf(build)).toEqual(['hello.jar', 'text.jar'])
    const archive = await opened(build)
    expect(await archive.read('text.jar', 1e6)).toEqual(library)
    await archive.close()
    expect(build.outcome).toMatchObject({ report: { verdict: { verdict: 'proved' } } })
  })

  it('that do not compile fail with the lines of the compiler', async () => {
    const files = { 'src/com/example/Hello.java': HELLO.replace('event + c', 'evnt + c') }
    const failure = failureOf(await engine.build(request(files)))
    expect(failure).toMatchObject({
      code: 'COMPILE_FAILED',
      detail: 'src/com/example/Hello.java:10: cannot find symbol',
      step: 'make',
    })
    expect(failure.output?.join('\n')).toContain('symbol:   variable evnt')
  })

  it('for a newer release than the JVM of that name are loaded by a newer one', async () => {
    const build = await engine.build(request({ 'Hello.java': HELLO }, { version: '8' }))
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
    const failure = failureOf(await engine.build(request({ 'Hello.java': HELLO }, { handler })))
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
    const failure = failureOf(await engine.build(request({ 'Hello.java': source })))
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
    const failure = failureOf(await buildUpload(await jarOf(classes)))
    expect(failure.detail).toContain('the class lib.Text is in none of the package')
  })

  it('tells parameters that the platform does not give', async () => {
    const source = HELLO.replace('String event, Context', 'String event, int count, Context')
    const failure = failureOf(await engine.build(request({ 'Hello.java': source })))
    expect(failure.detail).toContain('the platform gives (event, Context)')
  })
})

describe('a finished package', () => {
  const classes = () => compileForTest({ 'Hello.java': HELLO })

  it('that is a jar passes through byte for byte', async () => {
    const bytes = await jarOf(classes())
    const build = await buildUpload(bytes)
    expect(build.outcome).toMatchObject({
      status: 'succeeded',
      package: { format: 'jar' },
      report: { as: 'package', mended: [], verdict: { verdict: 'proved' } },
    })
    expect(await readFile(build.path ?? '')).toEqual(bytes)
  })

  it('that is a ZIP of jars passes through byte for byte', async () => {
    const library = await jarOf(compileForTest({ 'Text.java': LIBRARY }))
    const bytes = await zipOf({ 'function.jar': await jarOf(classes()), 'text.jar': library })
    const build = await buildUpload(bytes)
    expect(build.outcome).toMatchObject({ status: 'succeeded', package: { format: 'zip' } })
    expect(await readFile(build.path ?? '')).toEqual(bytes)
  })

  it('in a wrapping folder is refused with its name', async () => {
    const bytes = await zipOf({ 'hello-1.0/function.jar': await jarOf(classes()) })
    const failure = failureOf(await buildUpload(bytes, { build: { unwrap: false } }))
    expect(failure.detail).toContain('everything lies in the folder "hello-1.0"')
  })

  it('that is a Spring Boot jar is refused for event functions', async () => {
    const bytes = await jarOf({
      'BOOT-INF/classes/com/example/Hello.class': 'x',
      'org/A.class': 'x',
    })
    const failure = failureOf(await buildUpload(bytes))
    expect(failure.detail).toContain('java-jar: the jar is a Spring Boot jar')
  })

  it('made for a newer Java than the function has is refused', async () => {
    const failure = failureOf(await buildUpload(await jarOf(classes()), { version: '11' }))
    expect(failure.detail).toBe(
      'java-release: com.example.Hello is compiled for Java 17; the function runs on Java 11',
    )
  })
})

const pom = (inside: string) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>hello</artifactId>
  <version>1.0</version>
  ${inside}
</project>
`
const dependency = (artifact: string, version: string, scope = 'compile') => `<dependency>
  <groupId>org.json</groupId><artifactId>${artifact}</artifactId>
  <version>${version}</version><scope>${scope}</scope>
</dependency>`
const MAVEN_HELLO = `package com.example;
/** 你好 */
public class Hello {
  public String handle(java.util.Map<String, Object> event) {
    return new org.json.JSONObject(event).toString();
  }
}
`

describe('a Maven project', () => {
  beforeEach((context) => needs(context, 'maven'))
  const MINUTES = 4 * 60_000
  const project = (inside: string, source = MAVEN_HELLO) => ({
    'pom.xml': pom(inside),
    'src/main/java/com/example/Hello.java': source,
  })
  const json = `<dependencies>${dependency('json', '20240303')}</dependencies>`

  it(
    'becomes a ZIP of its jar and its libraries, the same bytes again',
    async () => {
      const [first, second] = [
        await engine.build(request(project(json))),
        await engine.build(request(project(json), { build: { load: false } })),
      ]
      expect(await pathsOf(first)).toEqual(['hello-1.0.jar', 'json-20240303.jar'])
      expect(first.outcome).toMatchObject({
        report: { verdict: { verdict: 'proved' }, findings: [] },
      })
      expect(await sha256Of(first)).toBe(await sha256Of(second))
      expect(first.log.join('\n')).toContain('BUILD SUCCESS')
    },
    MINUTES,
  )

  it(
    'without libraries, or with those of the compile path only, becomes one jar',
    async () => {
      const provided = `<dependencies>${dependency('json', '20240303', 'provided')}</dependencies>`
      const build = await engine.build(request(project(provided), { build: { load: false } }))
      expect(build.outcome).toMatchObject({ status: 'succeeded', package: { format: 'jar' } })
      const paths = await pathsOf(build)
      expect(paths[0]).toBe('META-INF/MANIFEST.MF')
      expect(paths).toContain('com/example/Hello.class')
      const archive = await opened(build)
      const manifest = (await archive.read('META-INF/MANIFEST.MF', 1e5)).toString()
      await archive.close()
      expect(manifest).not.toMatch(/Built-By|Build-Jdk|Created-By/)
    },
    MINUTES,
  )

  it(
    'of several modules takes the jar that has the handler, with what it needs',
    async () => {
      const module = (name: string, inside: string) => `<project>
      <modelVersion>4.0.0</modelVersion>
      <parent><groupId>com.example</groupId><artifactId>hello</artifactId><version>1.0</version></parent>
      <artifactId>${name}</artifactId>${inside}</project>`
      const core = `<dependencies><dependency><groupId>com.example</groupId>
      <artifactId>core</artifactId><version>1.0</version></dependency></dependencies>`
      const files = {
        'pom.xml': pom(
          '<packaging>pom</packaging><modules><module>core</module><module>app</module></modules>',
        ),
        'core/pom.xml': module('core', ''),
        'core/src/main/java/lib/Text.java': LIBRARY,
        'app/pom.xml': module('app', core),
        'app/src/main/java/com/example/Hello.java': WITH_LIBRARY,
      }
      const [first, second] = [
        await engine.build(request(files)),
        await engine.build(request(files, { build: { load: false } })),
      ]
      expect(await pathsOf(first)).toEqual(['app-1.0.jar', 'core-1.0.jar'])
      expect(first.outcome).toMatchObject({ report: { verdict: { verdict: 'proved' } } })
      expect(await sha256Of(first)).toBe(await sha256Of(second))
    },
    MINUTES,
  )

  it(
    'that does not compile fails with the lines of the compiler',
    async () => {
      const source = MAVEN_HELLO.replace('JSONObject(event)', 'JSONObjekt(event)')
      const failure = failureOf(await engine.build(request(project(json, source))))
      expect(failure).toMatchObject({
        code: 'COMPILE_FAILED',
        detail: 'src/main/java/com/example/Hello.java:5: cannot find symbol',
      })
      expect(failure.output?.join('\n')).toContain('class JSONObjekt')
    },
    MINUTES,
  )

  it(
    'with a dependency that does not exist says which',
    async () => {
      const none = `<dependencies>${dependency('no-such-json', '9.9')}</dependencies>`
      const failure = failureOf(await engine.build(request(project(none))))
      expect(failure).toMatchObject({
        code: 'DEPENDENCY_NOT_FOUND',
        detail: expect.stringContaining('org.json:no-such-json:jar:9.9'),
      })
    },
    MINUTES,
  )

  it(
    'whose pom.xml does not parse says where',
    async () => {
      const failure = failureOf(await engine.build(request(project('<dependencies>'))))
      expect(failure.code).toBe('MANIFEST_INVALID')
      expect(failure.detail).toMatch(/^pom\.xml is not a pom: .*line \d+/)
    },
    MINUTES,
  )

  it(
    'whose pom.xml says too little says what',
    async () => {
      const bare = dependency('json', '1').replace('<version>1</version>', '')
      const failure = failureOf(
        await engine.build(request(project(`<dependencies>${bare}</dependencies>`))),
      )
      expect(failure.code).toBe('MANIFEST_INVALID')
      expect(failure.detail).toContain("'dependencies.dependency.version' for org.json:json:jar")
    },
    MINUTES,
  )
})

describe('the examples', () => {
  beforeEach((context) => needs(context, 'maven'))
  it.each(['hello-java', 'java-with-maven'])(
    '%s is proved',
    async (name) => {
      const folder = join(import.meta.dirname, '../../examples')
      const examples = await readExamples(folder)
      const example = examples.find((one) => one.name === name)
      if (!example) throw new Error(`packline.yaml has no ${name}`)
      const { outcome } = await engine.build(example.request)
      expect(outcome).toMatchObject({
        status: 'succeeded',
        report: { verdict: { verdict: 'proved' }, findings: [] },
      })
    },
    4 * 60_000,
  )
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
      request(
        { 'Server.java': SERVER, bootstrap: '#!/bin/sh\nexec java -cp hello.jar Server\n' },
        { type: 'http', handler: undefined },
      ),
    )
    expect(await pathsOf(build)).toEqual(['bootstrap', 'hello.jar'])
    expect(build.outcome).toMatchObject({ report: { verdict: { verdict: 'proved' } } })
  })
})
