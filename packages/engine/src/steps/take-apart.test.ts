import type { PackageEntry } from '@packline/archive'
import { expect, test } from 'vitest'
import { dependencyOrderOf } from '../../../../test/harness/subject.ts'
import { dependenciesOf, splitOf } from './take-apart.ts'

const { request } = await dependencyOrderOf({ runtime: 'nodejs' })

function made(own: string[], installed: string[], links: Record<string, string> = {}) {
  const entry = (path: string): PackageEntry => {
    const bytes = { path, executable: false, size: 0, content: Buffer.alloc(0) }
    const linkTarget = links[path]
    return linkTarget === undefined ? bytes : { ...bytes, kind: 'link', linkTarget }
  }
  const entries = [...own, ...installed].map(entry)
  return { format: 'zip' as const, entries, installed: new Set(installed) }
}

const paths = (entries: readonly PackageEntry[] = []) => entries.map(({ path }) => path)

test('a dependency package has what was installed, and nothing of the manifest', () => {
  const whole = made(['package.json', 'package-lock.json'], ['node_modules/a/index.js'])
  expect(paths(dependenciesOf(whole, request).entries)).toEqual(['node_modules/a/index.js'])
})

test('a manifest that asks for nothing is refused, and so is a folder of the source', () => {
  expect(() => dependenciesOf(made(['package.json'], []), request)).toThrow(
    expect.objectContaining({
      code: 'MANIFEST_INVALID',
      message: 'Nothing was installed for nodejs',
    }),
  )
  const { installed: _installed, ...without } = made(['package.json'], [])
  expect(() => dependenciesOf(without, request)).toThrow('Nothing was installed')
  const linked = made(['lib/index.js'], ['node_modules/lib'], { 'node_modules/lib': '../lib' })
  expect(() => dependenciesOf(linked, request)).toThrow('node_modules/lib is a link to ../lib')
})

test('a function is split into its own files and what was installed', () => {
  const parts = splitOf(made(['index.js', 'package.json'], ['node_modules/a/index.js']))
  expect(paths(parts?.made.entries)).toEqual(['index.js', 'package.json'])
  expect(paths(parts?.split)).toEqual(['node_modules/a/index.js'])
  expect(splitOf(made(['index.js'], []))).toBeUndefined()
})

test('links inside of what was installed go with it, those to own folders stay', () => {
  const links = {
    'node_modules/.bin/a': '../a/cli.js',
    'node_modules/b': 'a',
    'node_modules/lib': '../lib',
  }
  const parts = splitOf(
    made(['lib/index.js'], [...Object.keys(links), 'node_modules/a/cli.js'], links),
  )
  expect(paths(parts?.made.entries)).toEqual(['lib/index.js', 'node_modules/lib'])
  expect(paths(parts?.split)).toEqual([
    'node_modules/.bin/a',
    'node_modules/b',
    'node_modules/a/cli.js',
  ])
})
