import { expect, test } from 'vitest'
import { npmrcOf } from './npmrc.ts'

test('is empty where the settings say nothing of npm', () => {
  expect(npmrcOf(undefined)).toBe('')
  expect(npmrcOf({})).toBe('')
})

test('has a line for the registry, for each scope and each token', () => {
  const config = { '@a:registry': 'https://a.example/', '//a.example/:_authToken': 'x;y"z' }
  expect(npmrcOf({ registry: 'https://npm.example/a/path', config })).toBe(
    'registry="https://npm.example/a/path"\n' +
      '@a:registry="https://a.example/"\n' +
      '//a.example/:_authToken="x;y\\"z"\n',
  )
})

test('takes a user and password out of an address, as npm would not see them there', () => {
  const auth = Buffer.from('me:a/b').toString('base64')
  expect(npmrcOf({ registry: 'https://me:a%2Fb@npm.example:8443/npm' })).toBe(
    `registry="https://npm.example:8443/npm"\n//npm.example:8443/npm/:_auth="${auth}"\n`,
  )
  expect(npmrcOf({ config: { '@a:registry': 'https://me:a%2Fb@a.example' } })).toBe(
    `@a:registry="https://a.example/"\n//a.example/:_auth="${auth}"\n`,
  )
})
