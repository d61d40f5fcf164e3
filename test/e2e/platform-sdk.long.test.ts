import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BuildRequestInput, Profile } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  failureOf,
  javaRequest,
  pathsOf,
  sha256Of,
} from '../../packages/engine/src/runtimes/java/test/builds.ts'
import { compileForTest } from '../../packages/engine/src/runtimes/java/test/classes.ts'
import { jarForTest } from '../../packages/engine/src/runtimes/java/test/jar.ts'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

/** A vendor's declarations say more than our own, and its jar has more than declarations. */
const VENDOR = {
  'com/huawei/services/runtime/Context.java':
    'package com.huawei.services.runtime;\npublic interface Context { String vendorOnly(); }\n',
  'com/vendor/Cache.java': 'package com.vendor;\npublic class Cache { public int size; }\n',
}
const USES_VENDOR = `package com.example;
import com.huawei.services.runtime.Context;
public class Hello {
  public int handle(String event, Context context) {
    return context.vendorOnly().length() + new com.vendor.Cache().size;
  }
}
`
const GO_MODULE = {
  'go.mod': 'module huaweicloud.com/go-runtime\n\ngo 1.21\n',
  'go-api/context/context.go':
    'package context\n\ntype RuntimeContext interface{ Name() string }\n',
  'go-api/context/context_test.go': 'package context\n\nthis does not compile\n',
}
const USES_GO = `package main

import "huaweicloud.com/go-runtime/go-api/context"

func main() { var c context.RuntimeContext; _ = c; println("你好") }
`

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())

/** The profile with an SDK of these files beside it, as an operator puts it there. */
async function withSdk(files: Record<string, string | Buffer>): Promise<Profile> {
  const sdk = temporaryFolder()
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(sdk, dirname(path)), { recursive: true })
    await writeFile(join(sdk, path), content)
  }
  return { ...engine.profile, sdk }
}

describe("the platform's jars", () => {
  const vendorJar = () => jarForTest(compileForTest(VENDOR))

  test('are on the compile path and where the handler is loaded, and never in the package', async (context) => {
    needs(context, 'java')
    const jar = await vendorJar()
    const profile = await withSdk({ 'java/vendor.jar': jar })
    const source = { 'Hello.java': USES_VENDOR }
    expect(failureOf(await engine.build(javaRequest(source)))).toMatchObject({
      code: 'COMPILE_FAILED',
    })
    const build = await engine.build(javaRequest(source), { profile })
    expect(build.outcome).toMatchObject({ status: 'succeeded', report: { findings: [] } })
    expect(await pathsOf(build)).toEqual(['META-INF/MANIFEST.MF', 'com/example/Hello.class'])
    expect(build.outcome.report.tools).toContainEqual(
      expect.objectContaining({ name: 'platform-sdk' }),
    )
  })

  const COORDINATES = {
    'META-INF/maven/com.vendor/runtime/pom.properties':
      'groupId=com.vendor\nartifactId=runtime\nversion=1.0\n',
  }
  const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>com.example</groupId><artifactId>hello</artifactId><version>1.0</version><dependencies>
<dependency><groupId>com.vendor</groupId><artifactId>runtime</artifactId><version>1.0</version></dependency>
<dependency><groupId>org.json</groupId><artifactId>json</artifactId><version>20240303</version></dependency>
</dependencies></project>
`
  const GRADLE = `apply plugin: 'java'
repositories { mavenCentral() }
dependencies { compile 'org.json:json:20240303' }
`
  const MAIN = { 'src/main/java/com/example/Hello.java': USES_VENDOR }

  test.for<[string, 'maven' | 'gradle', Record<string, string>]>([
    ['a Maven project that names them', 'maven', { 'pom.xml': POM }],
    [
      'a Gradle project that does not',
      'gradle',
      { 'settings.gradle': "rootProject.name = 'hello'\n", 'build.gradle': GRADLE },
    ],
  ])(
    'are there for %s, and are no library of its package',
    { timeout: 4 * 60_000 },
    async ([, tool, files], context) => {
      needs(context, 'java', tool)
      const jar = await jarForTest({ ...compileForTest(VENDOR), ...COORDINATES })
      const request = javaRequest({ ...files, ...MAIN })
      const { code } = failureOf(await engine.build(request))
      expect(code).toBe(tool === 'maven' ? 'DEPENDENCY_NOT_FOUND' : 'COMPILE_FAILED')
      const profile = await withSdk({ 'java/vendor.jar': jar })
      const build = await engine.build(request, { profile })
      expect(build.outcome).toMatchObject({ status: 'succeeded', report: { findings: [] } })
      const paths = await pathsOf(build)
      expect(paths).toContain('json-20240303.jar')
      expect(paths.filter((path) => path.endsWith('.jar'))).toHaveLength(2)
    },
  )

  test('count for what is missing, and what is not theirs is still told', async (context) => {
    needs(context, 'java')
    const classes = compileForTest({ ...VENDOR, 'com/example/Hello.java': USES_VENDOR })
    const own = Object.entries(classes).filter(([name]) => name.startsWith('com/example/'))
    const upload = await jarForTest(Object.fromEntries(own))
    const sha256 = createHash('sha256').update(upload).digest('hex')
    const source = { kind: 'upload', upload: sha256 } as const
    const request = javaRequest({ a: '' }, { source })
    const uploads = { [sha256]: upload }
    const missing = { rule: 'java-missing-classes', level: 'warning' }
    expect((await engine.build(request, { uploads })).outcome.report.findings).toEqual([
      expect.objectContaining({ ...missing, message: expect.stringContaining('com.vendor.Cache') }),
    ])
    const profile = await withSdk({ 'java/vendor.jar': await vendorJar() })
    expect((await engine.build(request, { uploads, profile })).outcome.report.findings).toEqual([])
  })

  test('make another build key, and one that is no jar is the operator’s to mend', async (context) => {
    needs(context, 'java')
    const source = javaRequest({ 'Hello.java': USES_VENDOR })
    const more = {
      ...VENDOR,
      'com/vendor/More.java': 'package com.vendor;\npublic class More {}\n',
    }
    const keys = await Promise.all(
      [VENDOR, VENDOR, more].map(async (files) => {
        const jar = await jarForTest(compileForTest(files))
        const profile = await withSdk({ 'java/vendor.jar': jar })
        return (await engine.build(source, { profile })).outcome.report.buildKey
      }),
    )
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
    const broken = await withSdk({ 'java/broken.jar': 'no jar' })
    expect(failureOf(await engine.build(source, { profile: broken }))).toMatchObject({
      code: 'TOOL_MISSING',
      blame: 'platform',
    })
  })
})

describe("the platform's Go module", () => {
  const goFiles = Object.fromEntries(
    Object.entries(GO_MODULE).map(([path, text]) => [`go/${path}`, text]),
  )
  const request = (files: Record<string, string>): BuildRequestInput => ({
    function: 'hello',
    runtime: 'go',
    handler: 'hello',
    build: { mode: 'executable' },
    source: { kind: 'inline', files },
  })
  const MODULE = 'module example.com/hello\n\ngo 1.21\n'

  test.for<[string, Record<string, string>]>([
    [
      'that go.mod requires',
      { 'go.mod': `${MODULE}\nrequire huaweicloud.com/go-runtime v1.0.1\n` },
    ],
    ['that go.mod does not name', { 'go.mod': MODULE }],
    ['of code without a go.mod', {}],
    [
      'of a workspace',
      {
        'go.work': 'go 1.21\n\nuse .\n',
        'go.mod': `${MODULE}\nrequire huaweicloud.com/go-runtime v1.0.1\n`,
      },
    ],
  ])('%s stands in for it, the same wherever it lies', async ([, files], context) => {
    needs(context, 'go')
    const source = request({ 'main.go': USES_GO, ...files })
    const builds = [
      await engine.build(source, { profile: await withSdk(goFiles) }),
      await engine.build(source, { profile: await withSdk(goFiles) }),
    ]
    for (const { outcome } of builds) expect(outcome).toMatchObject({ status: 'succeeded' })
    const [first, second] = await Promise.all(builds.map(sha256Of))
    expect(first).toBe(second)
  })

  test('is asked of the operator where there is none', async (context) => {
    needs(context, 'go')
    const files = { 'main.go': USES_GO, 'go.mod': MODULE }
    const failure = failureOf(await engine.build(request(files)))
    expect(failure).toMatchObject({
      code: 'DEPENDENCY_NOT_FOUND',
      hint: expect.stringContaining('operator'),
    })
    const profile = await withSdk({ 'go/readme.go': 'package x\n' })
    expect(failureOf(await engine.build(request(files), { profile }))).toMatchObject({
      code: 'TOOL_MISSING',
    })
  })
})
