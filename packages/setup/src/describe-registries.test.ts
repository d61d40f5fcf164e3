import type { RegistrySettings } from '@packline/shared'
import { expect, test } from 'vitest'
import { describeRegistries } from './describe-registries.ts'

test('prints one line for each tool, nothing where all is default', () => {
  expect(describeRegistries({})).toEqual([])
  const lines = describeRegistries({
    ca: '/etc/ca.pem',
    npm: { registry: 'https://npm.example/', config: { '@a:registry': 'https://a.example/' } },
    go: { proxy: 'https://a.example|https://b.example,direct', sumdb: 'off' },
  })
  expect(lines).toEqual([
    'ca /etc/ca.pem',
    'npm: registry https://npm.example/, @a:registry https://a.example/',
    'go: proxy https://a.example|https://b.example,direct, sumdb off',
  ])
})

test.each<[string, RegistrySettings]>([
  ['a proxy', { proxy: { https: 'http://me:secret@proxy.example:3128' } }],
  ['a proxy without a scheme', { proxy: { http: 'me:secret@proxy.example:3128' } }],
  ['a password with signs', { proxy: { https: 'http://me:x@sec:/ret@proxy.example' } }],
  ['lists', { go: { proxy: 'https://me:secret@a.example|https://secret@b.example,direct' } }],
  ['indexes', { pip: { extraIndexUrls: 'https://a.example https://__token__:secret@b.example' } }],
  ['a query', { pip: { indexUrl: 'https://a.example/simple?key=secret' } }],
  ['a mirror', { maven: { mirror: 'https://me:secret@a.example/maven' } }],
  ['a scope', { npm: { config: { '@a:registry': 'https://me:secret@a.example/' } } }],
  ['a token', { npm: { config: { '//a.example/:_authToken': 'secret' } } }],
  ['a password', { npm: { config: { '//a.example/:_password': 'secret' } } }],
])('%s is printed without credentials', (_, settings) => {
  const [line = ''] = describeRegistries(settings)
  expect(line).toContain('***')
  expect(line).toContain('.example')
  expect(line).not.toMatch(/sec|ret@|key=/)
})
