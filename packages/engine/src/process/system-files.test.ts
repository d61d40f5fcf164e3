import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import { systemArguments } from './system-files.ts'

async function etcOf(files: Record<string, string>): Promise<string> {
  const etc = temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(etc, dirname(path)), { recursive: true })
    await writeFile(join(etc, path), text)
  }
  return etc
}

/** Where it is seen -> where it lies, of what is shown below /etc. */
async function shown(etc: string): Promise<Record<string, string>> {
  const argv = await systemArguments(etc)
  const binds = argv.flatMap((word, at): [string, string][] => {
    const [from = '', to = ''] = argv.slice(at + 1)
    return word === '--ro-bind' && to.startsWith('/etc/') ? [[to, from]] : []
  })
  return Object.fromEntries(binds)
}

test("Maven's folder is shown without settings, which may hold passwords", async () => {
  const etc = await etcOf({
    'maven/settings.xml':
      '<settings><servers><server><password>a</password></server></servers></settings>',
    'maven/settings-security.xml': '',
    'maven/settings.xml.dpkg-old': '',
    'maven/m2.conf': '',
    'maven/logging/simplelogger.properties': '',
  })
  const found = Object.keys(await shown(etc)).filter((path) => path.startsWith('/etc/maven'))
  expect(found).toEqual(['/etc/maven/logging', '/etc/maven/m2.conf'])
  expect(await systemArguments(etc)).toContain('/etc/maven')
})

test('settings that keep Maven from plain http are stood in for by ours', async () => {
  const text = '<mirror><id>maven-default-http-blocker</id></mirror>'
  const etc = await etcOf({ 'maven/settings.xml': text, 'maven/m2.conf': '' })
  const own = (await shown(etc))['/etc/maven/settings.xml']
  expect(own).toBe(join(import.meta.dirname, 'etc/maven/settings.xml'))
})

test('a JDK is shown without the passwords of those who may watch it', async () => {
  const etc = await etcOf({
    'java-17-openjdk/management/jmxremote.password': 'a b',
    'java-17-openjdk/management/management.properties': '',
    'java-17-openjdk/security/java.security': '',
    'java-21-openjdk/security/java.security': '',
  })
  expect(Object.keys(await shown(etc)).filter((path) => path.startsWith('/etc/java'))).toEqual([
    '/etc/java-17-openjdk/management/management.properties',
    '/etc/java-17-openjdk/security',
    '/etc/java-21-openjdk',
  ])
  // From the outermost on: what bubblewrap makes by itself can not be entered.
  const argv = await systemArguments(etc)
  const made = argv.filter((_, at) => argv[at - 1] === '--dir')
  expect(made).toEqual(['/etc', '/etc/java-17-openjdk', '/etc/java-17-openjdk/management'])
})

test('settings of other tools are not shown', async () => {
  const names = ['npmrc', 'pip.conf', 'gitconfig', 'gradle/gradle.properties', 'uv/uv.toml']
  const etc = await etcOf(Object.fromEntries(names.map((name) => [name, 'password=a'])))
  expect(Object.keys(await shown(etc)).sort()).toEqual(['/etc/group', '/etc/passwd'])
})
