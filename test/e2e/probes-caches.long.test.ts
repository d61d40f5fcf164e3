import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeZip } from '@packline/archive'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'
import { type TestFile, treeOf } from '../harness/subject.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const MS_MAX = 10 * 60_000

let engine: TestEngine
beforeEach(async (context) => {
  needs(context, 'sandbox')
  engine = await testEngine({ cacheFolder: temporaryFolder() })
})
afterEach(() => engine?.close())

/** Of the tenant's caches, as far as a build has put it there by a command of its own. */
async function poison(): Promise<string[]> {
  const kept = await readdir(engine.cacheFolder, { recursive: true })
  return kept.filter((path) => path.endsWith('poison'))
}

test('a class named like one of the JDK is not compiled into the loader of other builds', {
  timeout: MS_MAX,
}, async (context) => {
  needs(context, 'java')
  const hello = `package com.example;
public class Hello { public String handle(String event) { return event; } }
`
  // The loader is of this package as well, and what it ends by would be this class.
  const runtime = `package packline;
public class Runtime {
  public static Runtime getRuntime() { return new Runtime(); }
  public void halt(int code) {
    System.out.println("in the loader");
    java.lang.Runtime.getRuntime().halt(code);
  }
}
`
  const built = (files: Record<string, string>) =>
    engine.build({
      function: 'hello',
      runtime: 'java',
      version: '17',
      handler: 'com.example.Hello.handle',
      source: { kind: 'inline', files },
    })
  const first = await built({ 'Hello.java': hello, 'packline/Runtime.java': runtime })
  expect(first.outcome).toMatchObject({ status: 'succeeded' })
  const second = await built({ 'Hello.java': hello })
  expect(second.outcome).toMatchObject({ report: { verdict: { verdict: 'proved' } } })
  expect([...first.log, ...second.log].join('\n')).not.toContain('in the loader')
})

test.for(['npm', 'yarn@1.22.22', 'yarn@4.18.1', 'pnpm@10.34.9'])(
  '%s gives each source its own library, where two have one of the same name and version',
  { timeout: MS_MAX },
  async (installer, context) => {
    needs(context, 'npm')
    const built = async (text: string) => {
      const folder = temporaryFolder()
      await writeFile(join(folder, 'package.json'), '{"name":"lib","version":"1.0.0"}')
      await writeFile(join(folder, 'index.js'), `module.exports = '${text}'\n`)
      execFileSync('npm', ['pack', '--silent'], { cwd: folder })
      const bytes = readFileSync(join(folder, 'lib-1.0.0.tgz'))
      const build = await uploaded({
        'package.json': manifest(installer, { lib: 'file:./lib-1.0.0.tgz' }),
        'index.js': "console.log('lib is ' + require('lib'))\nexports.handler = () => 1\n",
        'lib-1.0.0.tgz': { bytes, executable: false },
      })
      return build.log.filter((line) => line.startsWith('lib is '))
    }
    expect(await built('one')).toEqual(['lib is one'])
    expect(await built('another')).toEqual(['lib is another'])
  },
)

describe('without install scripts', () => {
  test("npm starts no program that the source's settings name", {
    timeout: MS_MAX,
  }, async (context) => {
    needs(context, 'npm')
    const evil = '#!/bin/sh\necho poison > /cache/poison\n'
    const { outcome, log } = await uploaded({
      'package.json': manifest('npm', { lib: 'git+https://git.invalid/lib.git' }),
      '.npmrc': 'git=./evil.sh\n',
      'evil.sh': { bytes: Buffer.from(evil), executable: true },
    })
    // Git was asked, as npm finds it by itself, and there is no such server.
    expect(outcome.status).toBe('failed')
    expect(log.join('\n')).toMatch(/git/)
    expect(await poison()).toEqual([])
  })

  test.for(['npm', 'yarn@1.22.22', 'yarn@4.18.1', 'pnpm@10.34.9'])(
    '%s does not have git take the source for a repository and run what its settings name',
    { timeout: MS_MAX },
    async (installer, context) => {
      needs(context, 'npm', 'git')
      const { outcome } = await uploaded({
        'package.json': manifest(installer, { lib: 'git+https://git.invalid/lib.git' }),
        HEAD: 'ref: refs/heads/main\n',
        'objects/kept': '',
        'refs/kept': '',
        config: GIT_SETTINGS,
      })
      expect(outcome.status).toBe('failed')
      expect(await poison()).toEqual([])
    },
  )

  test.for([
    ['yarn@1.22.22', { '.yarnrc': '--install.modules-folder "/cache/poison"\n' }],
    ['pnpm@10.34.9', { '.npmrc': 'modules-dir=../../cache/poison\n' }],
    ['yarn@4.18.1', { '.yarnrc.yml': 'installStatePath: /cache/poison\n' }],
    ['npm', { '.npmrc': 'global=true\nprefix=/cache/poison\n' }],
  ] as const)(
    "%s writes nothing into the tenant's cache where the source's settings say",
    { timeout: MS_MAX },
    async ([installer, settings], context) => {
      needs(context, 'npm')
      await uploaded({ 'package.json': manifest(installer, { ms: '2.1.3' }), ...settings })
      expect(await poison()).toEqual([])
    },
  )

  test.for(['npm', 'yarn@1.22.22', 'pnpm@10.34.9'])(
    '%s runs none of a dependency that lies in a repository',
    { timeout: MS_MAX },
    async (installer, context) => {
      needs(context, 'npm', 'git')
      const build = await uploaded({
        'package.json': manifest(installer, { lib: 'git+file:///build/source/lib.git' }),
        ...(await repositoryWithScripts()),
      })
      expect(build.outcome).toMatchObject({ status: 'succeeded' })
      expect(await poison()).toEqual([])
    },
  )
})

/** Each space of a command's argument is written "% ". */
const GIT_SETTINGS = `[core]
	repositoryformatversion = 0
	bare = true
[protocol "ext"]
	allow = always
[url "ext::sh -c echo% poison>/cache/poison% "]
	insteadOf = https://git.invalid/
`

function manifest(installer: string, dependencies: Record<string, string>): string {
  const named = installer === 'npm' ? {} : { packageManager: installer }
  return JSON.stringify({ name: 'shop', ...named, dependencies })
}

/** As files of a source, where it stands at lib.git. */
async function repositoryWithScripts(): Promise<Record<string, TestFile>> {
  const folder = temporaryFolder()
  const work = join(folder, 'work')
  await mkdir(work)
  const git = (...argv: string[]) => execFileSync('git', argv, { cwd: work, encoding: 'utf8' })
  const names = ['preinstall', 'install', 'postinstall', 'prepare', 'prepack', 'prepublish']
  const scripts = Object.fromEntries(names.map((name) => [name, 'echo poison > /cache/poison']))
  const lib = { name: 'lib', version: '1.0.0', scripts }
  await writeFile(join(work, 'package.json'), JSON.stringify(lib))
  await writeFile(join(work, 'index.js'), '')
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'First')
  const bare = join(folder, 'lib.git')
  git('clone', '-q', '--bare', '.', bare)
  const entries = readdirSync(bare, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return {
    ...Object.fromEntries(
      files.map(({ parentPath, name }): [string, TestFile] => {
        const path = join(parentPath, name)
        const bytes = readFileSync(path)
        return [`lib.git${path.slice(bare.length)}`, { bytes, executable: false }]
      }),
    ),
    // Its branches are packed, and git wants the folder nevertheless, which a ZIP forgets.
    'lib.git/refs/heads/kept': git('rev-parse', 'HEAD'),
  }
}

/** Built from a ZIP, whose files may be executable. */
async function uploaded(files: Record<string, TestFile>): Promise<TestBuild> {
  const tree = treeOf({ 'index.js': 'exports.handler = () => 1\n', ...files })
  const entries = tree.files.map((file) => tree.entry(file))
  const { content } = await writeZip(entries, { memory: true, bytesMax: 1e7 })
  const bytes = 'bytes' in content ? content.bytes : Buffer.alloc(0)
  const upload = createHash('sha256').update(bytes).digest('hex')
  const source = { kind: 'upload', upload, as: 'source' } as const
  const request = {
    function: 'hello',
    runtime: 'nodejs',
    handler: 'index.handler',
    source,
  } as const
  return engine.build(request, { uploads: { [upload]: bytes } })
}
