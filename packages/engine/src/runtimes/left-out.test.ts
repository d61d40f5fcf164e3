import { expect, test } from 'vitest'
import { isLeftOut } from './left-out.ts'

test.each([
  '.git',
  '.git/HEAD',
  'lib/.git',
  'vendor/x/.git/config',
  '.vscode/settings.json',
  '.idea/workspace.xml',
  '.DS_Store',
  'lib/.DS_Store',
  'Thumbs.db',
  '__pycache__/a.pyc',
  '__MACOSX/._index.js',
  '.gitignore',
])('%s stays out', (path) => {
  expect(isLeftOut(path)).toBe(true)
})

test.each([
  'index.js',
  '.env',
  '.gitkeep',
  'git/HEAD',
  'lib/.github/a.js',
  'my.git/a.js',
  'cache/a.js',
  'node_modules/ms/index.js',
  'DS_Store',
])('%s stays in', (path) => {
  expect(isLeftOut(path)).toBe(false)
})
