import { expect, test } from 'vitest'
import { gradleProperties } from './gradle-properties.ts'

test('proxies with their passwords are systemProp lines, for http and https', () => {
  const text = gradleProperties({
    https: 'http://me:h%3Au%23sh@proxy.example:3128',
    http: 'proxy.example',
    no: 'internal.example,.corp',
  })
  expect(text?.split('\n')).toEqual([
    'systemProp.https.proxyHost=proxy.example',
    'systemProp.https.proxyPort=3128',
    'systemProp.https.proxyUser=me',
    'systemProp.https.proxyPassword=h\\:u\\#sh',
    'systemProp.https.nonProxyHosts=internal.example|*.internal.example|*.corp',
    'systemProp.http.proxyHost=proxy.example',
    'systemProp.http.proxyPort=80',
    'systemProp.http.nonProxyHosts=internal.example|*.internal.example|*.corp',
    'systemProp.jdk.http.auth.tunneling.disabledSchemes=',
    '',
  ])
})

test('hosts that are never reached directly, loopback included, are an empty property', () => {
  const text = gradleProperties({ http: 'http://127.0.0.1:3128', no: '' })
  expect(text?.split('\n')).toContain('systemProp.http.nonProxyHosts=')
})

test('what is not ASCII is written as Java reads it', () => {
  const text = gradleProperties({ https: 'http://me:%E5%AF%86%5C@proxy.example:1' })
  expect(text).toContain('proxyPassword=\\u5bc6\\\\\n')
})

test('without a proxy there is nothing to write', () => {
  expect(gradleProperties(undefined)).toBeUndefined()
  expect(gradleProperties({ no: 'a' })).toBeUndefined()
})
