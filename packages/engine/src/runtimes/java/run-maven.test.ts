import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  return { options: options.split(' '), words }
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

it.each([
  ['http://proxy.example:3128', 'proxy.example', '3128'],
  ['http://user:word@proxy.example:3128/', 'proxy.example', '3128'],
  ['proxy.example', 'proxy.example', '80'],
])('tells the JVM of the proxy %s', (address, host, port) => {
  const { options } = run({ HTTPS_PROXY: address })
  expect(options.slice(-2)).toEqual([`-Dhttps.proxyHost=${host}`, `-Dhttps.proxyPort=${port}`])
})

it('writes the hosts that need no proxy as the JVM does', () => {
  const { options } = run({ NO_PROXY: '.example.com, localhost,.internal,10.0.0.1' })
  expect(options.at(-1)).toBe('-Dhttp.nonProxyHosts=*.example.com|localhost|*.internal|10.0.0.1')
})
