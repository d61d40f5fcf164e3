import type { RegistrySettings } from '@packline/shared'
import { expect, test } from 'vitest'
import { makeHider } from '../secrets/hider.ts'
import { secretsOf } from './secrets.ts'

const hide = (settings: RegistrySettings, text: string) => makeHider(secretsOf(settings)).text(text)

test.each<[RegistrySettings, string, string]>([
  [
    { proxy: { https: 'http://me:hush-hush@proxy.example:1' } },
    'connect http://me:hush-hush@proxy.example:1, hush-hush',
    'connect http://***@proxy.example:1, ***',
  ],
  [
    { pip: { indexUrl: 'https://me:hush%2Fhush@a.example/simple' } },
    'hush%2Fhush is hush/hush',
    '*** is ***',
  ],
  [
    { go: { proxy: 'https://me:first@a.example|https://token@b.example,direct' } },
    'reading https://token@b.example and https://me:first@a.example, direct',
    'reading https://***@b.example and https://***@a.example, direct',
  ],
  [
    { proxy: { http: 'me:hush-hush@proxy.example' } },
    'me:hush-hush@proxy.example',
    '***@proxy.example',
  ],
  [
    { maven: { mirror: 'https://me:hush-hush@m.example/' } },
    'authorization: Basic bWU6aHVzaC1odXNo',
    'authorization: Basic ***',
  ],
  [{ maven: { mirror: 'https://me:a.*b@m.example/' } }, 'a.*b, not axxb', '***, not axxb'],
  [
    { npm: { config: { '//a.example/:_authToken': 'npm_abc' } } },
    '//a.example/:_authToken=npm_abc',
    '//a.example/:_authToken=***',
  ],
  [
    { npm: { config: { '//a.example/:_auth': 'bWU6aHVzaC1odXNo' } } },
    'bWU6aHVzaC1odXNo me:hush-hush hush-hush',
    '*** *** ***',
  ],
  [{ npm: { config: { '//a.example/:_password': 'aHVzaC1odXNo' } } }, 'hush-hush', '***'],
  [{ npm: { config: { '@me:registry': 'https://x:hush@a.example/' } } }, 'hush', '***'],
])('%j: %j becomes %j', (settings, text, hidden) => {
  expect(hide(settings, text)).toBe(hidden)
})

test('leaves everything else as it is', () => {
  const settings: RegistrySettings = {
    ca: '/etc/ca.pem',
    proxy: { https: 'http://proxy.example:1', no: 'localhost' },
    npm: { registry: 'https://a.example/@scope/x', config: { '//a.example/:username': 'hello' } },
    pip: { indexUrl: 'https://me:a@a.example/simple' },
  }
  const text = 'hello /etc/ca.pem http://proxy.example:1 a b c https://a.example/@scope/x'
  // A password of one letter alone is not hidden: it stands in every word.
  expect(hide(settings, text)).toBe(text)
  expect(hide(settings, 'https://me:a@a.example')).toBe('https://***@a.example')
  expect(hide({}, text)).toBe(text)
})

test("hides the passwords of Maven's settings", () => {
  const xml = '<server><username>me</username><password> hush-hush </password></server>'
  expect(makeHider(secretsOf({}, [xml])).text('me hush-hush')).toBe('me ***')
})
