import { describe, expect, it } from 'vitest'
import type { ToolResult } from '../../../process/command.ts'
import type { Stage } from '../../runtime.ts'
import { explain } from '../explain.ts'

function explained(stderr: string, stage: Partial<Stage> = { name: 'gradle build' }) {
  const result = { exitCode: 1, signal: null, ms: 1, stdout: ':compileJava FAILED\n', stderr }
  return explain(
    { tools: [], ...stage } as unknown as Stage,
    { ...result, output: [] } as ToolResult,
  )
}

const report = (wrong: string, where = '') => `
FAILURE: Build failed with an exception.
${where}
* What went wrong:
${wrong}

* Try:
Run with --stacktrace option to get the stack trace.

BUILD FAILED in 3s
`

describe('explain of Gradle', () => {
  it("tells javac's errors with paths as in the source, and where a library belongs", () => {
    const found = explained(`/build/source/src/Hello.java:3: error: package org.json does not exist
import org.json.JSONObject;
               ^
1 error
${report("Execution failed for task ':compileJava'.\n> Compilation failed; see the compiler error output for details.")}`)
    expect(found).toMatchObject({
      code: 'COMPILE_FAILED',
      message: 'src/Hello.java:3: package org.json does not exist',
      hint: 'Add the library that has org.json to `dependencies` in the build file.',
    })
  })

  it.each([
    ['e: file:///build/source/src/App.kt:3:5 Unresolved reference: x', 'src/App.kt:3: Unresolved'],
    ['e: /build/source/src/App.kt: (3, 5): Unresolved reference: x', 'src/App.kt:3: Unresolved'],
  ])("tells Kotlin's errors: %s", (line, message) => {
    const found = explained(`${line}\n${report("Execution failed for task ':compileKotlin'.")}`)
    expect(found).toMatchObject({ code: 'COMPILE_FAILED' })
    expect(found?.message).toContain(message)
  })

  it('tells the place in a build file', () => {
    const where = "\n* Where:\nBuild file '/build/source/app/build.gradle' line: 7\n"
    const wrong =
      "A problem occurred evaluating project ':app'.\n> Could not find method mavenCentrall() for arguments [] on repository container."
    expect(explained(report(wrong, where))).toMatchObject({
      code: 'MANIFEST_INVALID',
      message:
        'app/build.gradle:7: Could not find method mavenCentrall() for arguments [] on repository container.',
      output: expect.arrayContaining(['* What went wrong:']),
    })
  })

  it.each([
    [
      'a dependency that does not exist',
      "Could not resolve all files for configuration ':compileClasspath'.\n> Could not find com.example:nothing:9.9.\n  Searched in the following locations:\n    - https://repo.example/x.pom",
      'DEPENDENCY_NOT_FOUND',
      "Gradle found no com.example:nothing:9.9 in the build's repositories",
    ],
    [
      'a registry that is away',
      "Could not resolve all files for configuration ':compileClasspath'.\n> Could not resolve org.json:json:1.\n   > Could not get resource 'https://repo.example/json-1.pom'.\n      > Could not GET 'https://repo.example/json-1.pom'.\n         > Connect to repo.example:443 failed: Connection refused",
      'REGISTRY_UNAVAILABLE',
      'Gradle got no https://repo.example/json-1.pom: Connect to repo.example:443 failed: Connection refused',
    ],
    [
      'a registry that wants credentials',
      "> Could not resolve a:b:1.\n   > Could not get resource 'https://repo.example/b.pom'.\n      > Could not GET 'https://repo.example/b.pom'. Received status code 401 from server: Unauthorized",
      'INSTALL_FAILED',
      'Gradle may not take https://repo.example/b.pom: status code 401',
    ],
    [
      'a build without repositories',
      '> Cannot resolve external dependency org.json:json:1 because no repositories are defined.',
      'MANIFEST_INVALID',
      'the build defines no repository that could have org.json:json:1',
    ],
    [
      'a plugin that does not exist',
      "Plugin [id: 'com.example.none', version: '1'] was not found in any of the following sources:",
      'DEPENDENCY_NOT_FOUND',
      'Gradle found no plugin com.example.none',
    ],
    [
      'a toolchain that is not there',
      '> No matching toolchains found for requested specification: {languageVersion=23}.',
      'COMPILE_FAILED',
      'the build asks for a Java toolchain that this worker has not',
    ],
    [
      'a release that is too new',
      "Execution failed for task ':compileJava'.\n> error: release version 30 not supported",
      'COMPILE_FAILED',
      'the build asks for Java 30, more than the JDK of this build has',
    ],
    [
      'a module that the build has not',
      'PACKLINE-MODULE the build has the modules ., app',
      'MANIFEST_INVALID',
      'build.module names no module of the Gradle build: the build has the modules ., app',
    ],
    [
      'anything else',
      "Execution failed for task ':generate'.\n> A reason\n   > the innermost",
      'INSTALL_FAILED',
      'the innermost',
    ],
  ])('knows %s', (_, wrong, code, message) => {
    const found = explained(report(wrong))
    expect(found?.code).toBe(code)
    expect(found?.message).toContain(message)
  })

  it('leaves what is no report of Gradle to others', () => {
    expect(explained('Error occurred during initialization of VM')).toBeUndefined()
  })
})

describe('explain of a wrapper', () => {
  const stage: Partial<Stage> = {
    name: 'gradle wrapper',
    tools: [{ name: 'Gradle wrapper', version: '8.5', path: 'w.jar', binds: [] }],
  }
  const away = 'Exception in thread "main" java.net.UnknownHostException: gradle.example\n\tat x'

  it('blames the network for a distribution that can not be had, the caller for a wrong one', () => {
    expect(explained(away, stage)).toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
      message: 'the distribution of Gradle 8.5 could not be had: gradle.example',
    })
    const wrong = away.replace('java.net.UnknownHost', 'java.io.FileNotFound')
    expect(explained(wrong, stage)).toMatchObject({ code: 'MANIFEST_INVALID' })
  })

  it('calls it by the name of the stage where there is another Gradle to go on with', () => {
    const otherwise = { ...stage, failure: 'INSTALL_FAILED', otherwise: stage as Stage } as const
    expect(explained(away, otherwise)).toMatchObject({
      code: 'INSTALL_FAILED',
      message: 'the distribution of Gradle 8.5 could not be had: gradle.example',
    })
  })

  it('tells both sums of a distribution that is another one, whatever there is to go on with', () => {
    const other = `Exception in thread "main" java.lang.RuntimeException: Verification of Gradle distribution failed!

Your Gradle distribution may have been tampered with.

Distribution Url: https://gradle.example/gradle-8.5-bin.zip
Expected checksum: 'aaaa'
  Actual checksum: 'bbbb'
`
    // Gradle 9 sets them out otherwise.
    for (const text of [other, other.replace("  Actual checksum: '", "Actual checksum:   '")]) {
      expect(explained(text, { ...stage, otherwise: stage as Stage })).toMatchObject({
        code: 'MANIFEST_INVALID',
        message: 'the distribution of Gradle 8.5 has the SHA-256 bbbb; expected aaaa',
      })
    }
  })
})
