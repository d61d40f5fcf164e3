import { describe, expect, it } from 'vitest'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { explain } from './explain.ts'

const ASKED = { 'org.json:json': 'app/pom.xml:14' }

function explained(name: string, text: string) {
  const stage = { name, asked: ASKED } as unknown as Stage
  const output = text.split('\n').slice(-40)
  const result: ToolResult = { exitCode: 1, signal: null, ms: 1, stdout: text, stderr: '', output }
  return explain(stage, result)
}

const javac = (text: string) => explained('javac', text)
const maven = (text: string) => explained('mvn package', text)

describe('explain of javac', () => {
  it("tells the first error's place and keeps the compiler's lines", () => {
    const text = `src/Hello.java:4: error: ';' expected
    return 1
            ^
src/Hello.java:6: error: cannot find symbol
  symbol: variable x
2 errors`
    expect(javac(text)).toMatchObject({
      code: 'COMPILE_FAILED',
      message: "src/Hello.java:4: ';' expected (and 1 more)",
      output: text.split('\n'),
    })
  })

  it('says where a missing package belongs', () => {
    const found = javac('A.java:1: error: package com.google.gson does not exist\n1 error')
    expect(found?.message).toBe('A.java:1: package com.google.gson does not exist')
    expect(found?.hint).toContain('jar that has com.google.gson')
  })

  it('says of the platform’s own package that no registry has it', () => {
    const found = javac(
      'A.java:1: error: package com.huawei.services.runtime does not exist\n1 error',
    )
    expect(found?.hint).toContain('take the context as Object')
  })

  it('starts with the error, not with warnings before it', () => {
    const found = javac('A.java:1: warning: [removal] x\nA.java:2: error: y\n1 error\n1 warning')
    expect(found?.output?.[0]).toBe('A.java:2: error: y')
  })

  it('leaves what is no compile error to others', () => {
    expect(javac('Error occurred during initialization of VM')).toBeUndefined()
  })
})

const ADVICE = `[ERROR] 
[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
[ERROR] Re-run Maven using the -X switch to enable full debug logging.
[ERROR] 
[ERROR] For more information about the errors, please read the following articles:
[ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/MojoFailureException`

describe('explain of Maven', () => {
  it("tells the compiler's errors with paths as in the source", () => {
    const found = maven(`[INFO] Building hello 1.0
[ERROR] COMPILATION ERROR : 
[INFO] -------------------------------------------------------------
[ERROR] /build/source/src/main/java/Hello.java:[3,24] cannot find symbol
  symbol:   class Missing
  location: class Hello
[ERROR] /build/source/src/main/java/Hello.java:[9,1] class, interface, enum, or record expected
[INFO] 2 errors 
[ERROR] Failed to execute goal org.apache:compiler:3.1:compile: Compilation failure: -> [Help 1]
[ERROR] /build/source/src/main/java/Hello.java:[3,24] cannot find symbol
${ADVICE}`)
    expect(found).toMatchObject({
      code: 'COMPILE_FAILED',
      message: 'src/main/java/Hello.java:3: cannot find symbol (and 1 more)',
    })
    expect(found?.output).toContain('  symbol:   class Missing')
    expect(found?.output?.join('\n')).not.toMatch(/\/build\/|stack trace|Help/)
    expect(found?.output).not.toContain('Building hello 1.0')
  })

  it('shows paths as in the source where there was no sandbox too', () => {
    const path = '/tmp/work/scratch/build-Ab3xY1/source/src/Hello.java'
    const found = maven(`[ERROR] ${path}:[3,24] cannot find symbol`)
    expect(found?.message).toBe('src/Hello.java:3: cannot find symbol')
  })

  it('names the place in a pom that asks for what is not there', () => {
    const found = maven(
      '[ERROR] Could not find artifact org.json:json:jar:9.9 in central (https://x)',
    )
    expect(found?.message).toBe(
      'Maven found no org.json:json:jar:9.9 in the repository central (app/pom.xml:14)',
    )
  })

  it.each([
    [
      'a dependency that does not exist',
      'Failed to execute goal on project hello: Could not resolve dependencies for project com.example:hello:jar:1.0: Could not find artifact com.example:nothing:jar:9.9 in central (https://repo.example/maven2) -> [Help 1]',
      'DEPENDENCY_NOT_FOUND',
      'Maven found no com.example:nothing:jar:9.9 in the repository central',
    ],
    [
      'one that was missing before',
      'Could not resolve dependencies: Failure to find a:b:jar:1 in https://repo.example was cached in the local repository -> [Help 1]',
      'DEPENDENCY_NOT_FOUND',
      'Maven found no a:b:jar:1 in the repository https://repo.example',
    ],
    [
      'a registry that is away',
      'Plugin org.apache:p:2.6 or one of its dependencies could not be resolved: Failed to read artifact descriptor for org.apache:p:jar:2.6: Could not transfer artifact org.apache:p:pom:2.6 from/to central (https://repo.example/maven2): Connect to repo.example:443 failed: Connection refused (Connection refused) -> [Help 1]',
      'REGISTRY_UNAVAILABLE',
      'Maven got no org.apache:p:pom:2.6 from central (https://repo.example/maven2): Connect to repo.example:443 failed: Connection refused (Connection refused)',
    ],
    [
      'a registry that wants credentials',
      'Could not transfer artifact a:b:jar:1 from/to internal (https://repo.example): authentication failed for https://repo.example/a.jar, status code: 401 Unauthorized -> [Help 1]',
      'INSTALL_FAILED',
      'Maven may not take a:b:jar:1 from internal (https://repo.example): authentication failed for https://repo.example/a.jar, status code: 401 Unauthorized',
    ],
    [
      'an old release',
      'Failed to execute goal: Compilation failure: Source option 5 is no longer supported. Use 8 or later. -> [Help 1]',
      'COMPILE_FAILED',
      'pom.xml has source 5, which no current JDK compiles',
    ],
    [
      'a release that is too new',
      'Failed to execute goal: Fatal error compiling: error: invalid target release: 21 -> [Help 1]',
      'COMPILE_FAILED',
      'pom.xml asks for Java 21, more than the JDK of this build has',
    ],
  ])('knows %s', (_, line, code, message) => {
    expect(maven(`[INFO] BUILD FAILURE\n[ERROR] ${line}\n${ADVICE}`)).toMatchObject({
      code,
      message,
    })
  })

  it('tells a pom that does not parse, with the place', () => {
    const found = maven(`[ERROR] [ERROR] Some problems were encountered while processing the POMs:
[FATAL] Non-parseable POM /build/source/pom.xml: end tag name </b> must match start tag name <a> from line 3 (position: START_TAG seen ...</b>... @5:12)  @ line 5, column 12
 @ 
[ERROR] The build could not read 1 project -> [Help 1]
${ADVICE}`)
    expect(found?.code).toBe('MANIFEST_INVALID')
    expect(found?.message).toContain('pom.xml is not a pom: end tag name </b> must match')
    expect(found?.message).toContain('line 5')
  })

  it('tells a pom that says too little', () => {
    const found = maven(
      "[ERROR] 'dependencies.dependency.version' for a:b:jar is missing. @ line 7, column 17\n",
    )
    expect(found).toMatchObject({
      code: 'MANIFEST_INVALID',
      message:
        "pom.xml: 'dependencies.dependency.version' for a:b:jar is missing. @ line 7, column 17",
    })
  })

  it('gives the first error where it knows no better', () => {
    const found = maven(`[ERROR] Failed to execute goal x: The tests hang -> [Help 1]\n${ADVICE}`)
    expect(found).toMatchObject({
      code: 'INSTALL_FAILED',
      message: 'Failed to execute goal x: The tests hang',
    })
    expect(maven('killed')).toBeUndefined()
  })
})
