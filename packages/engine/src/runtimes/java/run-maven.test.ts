import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RUN_MAVEN } from './run-maven.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packline run maven-'))
  writeFileSync(join(folder, 'run-maven.sh'), RUN_MAVEN)
  // In Maven's place: says what it was given.
  const mvn = '#!/bin/sh\necho "$MAVEN_OPTS"\nfor word in "$@"; do echo "$word"; done\n'
  writeFileSync(join(folder, 'mvn'), mvn, { mode: 0o755 })
})
afterAll(() => rmSync(folder, { recursive: true }))

function run(env: Record<string, string> = {}) {
  const args = [join(folder, 'run-maven.sh'), join(folder, 'mvn'), '-Da=b c']
  const output = execFileSync('/bin/sh', args, {
    env: { PATH: '/usr/bin:/bin', MAVEN_OPTS: '-X1', ...env },
    encoding: 'utf8',
  })
  const [options = '', ...words] = output.trimEnd().split('\n')
  return { options: options.trimEnd().split(' '), words }
}

it('starts Maven with its arguments alone where the worker says nothing', () => {
  const { options, words } = run()
  expect(words).toEqual(['-Da=b c'])
  expect(options[0]).toBe('-X1')
  expect(options.filter((option) => /proxy/i.test(option))).toEqual([])
})

it("names the worker's settings file, whatever its path", () => {
  const { words } = run({ PACKLINE_MAVEN_SETTINGS: '/a b/settings.xml' })
  expect(words).toEqual(['-Da=b c', '--settings', '/a b/settings.xml'])
})

it('prefers the trust store that the worker names', () => {
  const own = run({ PACKLINE_JAVA_TRUST_STORE: '/dev/null' })
  expect(own.options).toContain('-Djavax.net.ssl.trustStore=/dev/null')
  const missing = run({ PACKLINE_JAVA_TRUST_STORE: '/nowhere.jks' })
  expect(missing.options.join(' ')).not.toContain('/nowhere.jks')
})

it('hands the options of the worker to the JVM, beside those of the build', () => {
  const { options } = run({ PACKLINE_MAVEN_OPTIONS: '-Dhttp.nonProxyHosts=*.a|b -Dx=1' })
  expect(options[0]).toBe('-X1')
  expect(options.slice(-2)).toEqual(['-Dhttp.nonProxyHosts=*.a|b', '-Dx=1'])
})

it("puts the platform's jars where Maven finds them, anew when they have changed", () => {
  const repository = join(folder, 'repository')
  const jar = join(folder, 'fss sdk.jar')
  const env = {
    PACKLINE_SDK: `${jar}|com.example.fss|fss-sdk|2.0\n${jar}|other|b|1`,
    PACKLINE_REPOSITORY: repository,
  }
  const at = (path: string) => readFileSync(join(repository, path), 'utf8')
  for (const content of ['one', 'two']) {
    writeFileSync(jar, content)
    expect(run(env).words).toEqual(['-Da=b c'])
    expect(at('com/example/fss/fss-sdk/2.0/fss-sdk-2.0.jar')).toBe(content)
    expect(at('other/b/1/b-1.jar')).toBe(content)
  }
  expect(at('com/example/fss/fss-sdk/2.0/fss-sdk-2.0.pom')).toBe(
    '<project><modelVersion>4.0.0</modelVersion><groupId>com.example.fss</groupId><artifactId>fss-sdk</artifactId><version>2.0</version></project>\n',
  )
  expect(readdirSync(join(repository, 'other/b/1')).toSorted()).toEqual(['b-1.jar', 'b-1.pom'])
})
