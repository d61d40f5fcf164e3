import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RUN_GRADLE } from './run-gradle.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packline-run-gradle-'))
  writeFileSync(join(folder, 'run.sh'), RUN_GRADLE)
  writeFileSync(
    join(folder, 'program.sh'),
    'printf "%s\\n" "$GRADLE_USER_HOME" "$JAVA_OPTS" "$@"\n',
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What the program is started with: the user's folder, options of the JVM, arguments. */
function run(env: Record<string, string> = {}): string[] {
  const folders = ['home', 'caches', 'dists'].map((name) => join(folder, name))
  const argv = [join(folder, 'run.sh'), ...folders, join(folder, 'program.sh'), 'a b', 'task']
  const options = { env: { PATH: '/usr/bin:/bin', ...env }, encoding: 'utf8' } as const
  return execFileSync('/bin/sh', argv, options).trimEnd().split('\n')
}

test('keeps caches and distributions, and nothing else, from build to build', () => {
  run()
  const [home, ...args] = run()
  expect(home).toBe(join(folder, 'home'))
  expect(args.slice(1, 3)).toEqual(['a b', 'task'])
  expect(readlinkSync(join(folder, 'home/caches'))).toBe(join(folder, 'caches'))
  expect(readlinkSync(join(folder, 'home/wrapper'))).toBe(join(folder, 'dists'))
  expect(() => lstatSync(join(folder, 'home/gradle.properties'))).toThrow('ENOENT')
})

test('gives on what the worker says about registries, as files and never as text', () => {
  const [store, settings, properties] = ['s.jks', 's.xml', 'g.properties'].map((name) => {
    const path = join(folder, name)
    writeFileSync(path, 'hush')
    return path
  })
  const given = run({
    PACKLINE_JAVA_TRUST_STORE: store ?? '',
    PACKLINE_MAVEN_SETTINGS: settings ?? '',
    PACKLINE_GRADLE_PROPERTIES: properties ?? '',
  })
  expect(given[1]).toContain(`-Djavax.net.ssl.trustStore=${store}`)
  expect(given).toContain(`-Dpackline.trustStore=${store}`)
  expect(given).toContain(`-Dpackline.settings=${settings}`)
  expect(readlinkSync(join(folder, 'home/gradle.properties'))).toBe(properties)
  expect(given.join('\n')).not.toContain('hush')
})
