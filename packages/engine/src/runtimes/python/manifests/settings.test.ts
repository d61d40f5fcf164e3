import { expect, test } from 'vitest'
import { settingsOf } from './settings.ts'

const settings = (text: string) => settingsOf(text, { file: 'requirements.txt', line: 2 })

test('each setting of a line is written as a line of its own, by its whole name', () => {
  expect(settings('-i https://a.example --trusted-host a.example --pre')).toEqual([
    '--index-url https://a.example',
    '--trusted-host a.example',
    '--pre',
  ])
  expect(settings('--find-links="dist"')).toEqual(['--find-links dist'])
  expect(settings('-fdist --no-index')).toEqual(['--find-links dist', '--no-index'])
})

test('whether wheels or sources are taken is not the file’s to say, wherever it stands', () => {
  expect(settings('--no-binary :all:')).toEqual([])
  expect(settings('--pre --only-binary=:none: --prefer-binary --no-index')).toEqual([
    '--pre',
    '--no-index',
  ])
  expect(settings('--require-hashes --use-feature fast-deps')).toEqual([])
})

test.for([
  ['--no-bin lib', '--no-bin'],
  ['--only-b :none:', '--only-b'],
  ['--pre --no-b=lib', '--no-b=lib'],
  ['--no-index -e ./lib', '-e'],
  ['--no-index --requirement more.txt', '--requirement'],
  ['--config-settings a=b', '--config-settings'],
  ['--pre=1', '--pre=1'],
  ['--no"-binary" lib', '--no"-binary"'],
  ['--index-url', '--index-url'],
  ['--index-url --no-binary', '--index-url'],
  ['--find-links "my wheels"', '--find-links'],
  ['--pre lib', 'lib'],
] as const)('%s is refused, with its place', ([text, word]) => {
  expect(() => settings(text)).toThrow(`requirements.txt, line 2: "${word}" is no setting`)
})
