import { describe, expect, test } from 'vitest'
import { jvmProxyOptions, mavenSettings } from './maven-settings.ts'

/** What stands between the tags of this name, first to last. */
const all = (xml: string | undefined, name: string) =>
  [...(xml ?? '').matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text)

describe('mavenSettings', () => {
  test('is nothing where there is neither mirror nor proxy', () => {
    expect(mavenSettings(undefined, undefined)).toBeUndefined()
    expect(mavenSettings(undefined, { no: 'localhost' })).toBeUndefined()
  })

  test('puts a mirror in place of the central repository, under its id', () => {
    const xml = mavenSettings('https://mirror.example/maven?a=1&b=2', undefined)
    expect(xml).toContain(
      '<mirror><id>central</id><mirrorOf>central</mirrorOf>' +
        '<url>https://mirror.example/maven?a=1&amp;b=2</url></mirror>',
    )
    expect(xml).not.toContain('server')
  })

  test("keeps a mirror's user and password out of its address", () => {
    const xml = mavenSettings('https://me:a%26b%3C@mirror.example/maven', undefined)
    expect(all(xml, 'url')).toEqual(['https://mirror.example/maven'])
    expect(all(xml, 'username')).toEqual(['me'])
    expect(all(xml, 'password')).toEqual(['a&amp;b&lt;'])
    expect(all(xml, 'id')).toEqual(['central', 'central'])
  })

  test.each([
    ['http://proxy.example:3128', 'proxy.example', '3128'],
    ['http://proxy.example', 'proxy.example', '80'],
    ['https://proxy.example/', 'proxy.example', '443'],
    ['proxy.example:8080', 'proxy.example', '8080'],
    ['proxy.example', 'proxy.example', '80'],
  ])('takes the proxy %s apart', (https, host, port) => {
    const xml = mavenSettings(undefined, { https })
    expect([all(xml, 'protocol'), all(xml, 'host'), all(xml, 'port')]).toEqual([
      ['https'],
      [host],
      [port],
    ])
    expect(xml).not.toContain('username')
  })

  test("gives both proxies, with their users and the hosts that need none as Java's patterns", () => {
    const xml = mavenSettings(undefined, {
      https: 'http://me:secret@one.example:1',
      http: 'http://you@two.example:2',
      no: '.internal, localhost,10.0.0.1 *.a',
    })
    expect(all(xml, 'protocol')).toEqual(['https', 'http'])
    expect(all(xml, 'username')).toEqual(['me', 'you'])
    expect(all(xml, 'password')).toEqual(['secret', ''])
    const direct = '*.internal|localhost|*.localhost|10.0.0.1|*.a'
    expect(all(xml, 'nonProxyHosts')).toEqual([direct, direct])
  })

  test('refuses what is no address, without repeating it', () => {
    const settings = () => mavenSettings('me:secret@', undefined)
    expect(settings).toThrow('is no address')
    expect(settings).not.toThrow(/secret/)
  })
})

describe('jvmProxyOptions', () => {
  test('names the proxies without their users', () => {
    expect(jvmProxyOptions(undefined)).toEqual([])
    expect(jvmProxyOptions({ no: 'localhost' })).toEqual([])
    expect(jvmProxyOptions({ https: 'http://me:secret@proxy.example:3128', no: '.a' })).toEqual([
      '-Dhttps.proxyHost=proxy.example',
      '-Dhttps.proxyPort=3128',
      '-Dhttp.nonProxyHosts=*.a',
    ])
  })
})
