import type { RegistrySettings } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { reachOf } from './reach.ts'

const NPM = ['https://npm.default/']
const PIP = ['https://pip.default/', 'https://files.default']
const GO = ['https://go.default', 'https://sums.default']
const MAVEN = ['https://maven.default/maven2']

function reach(name: string, asks: string[], settings: RegistrySettings, mavenSettings?: string) {
  const all = reachOf({ name, asks }, { settings, hosts: [], mavenSettings })
  return all.map(({ host, port, isTrusted }) => `${host}:${port}${isTrusted ? '' : ' (public)'}`)
}

describe('a tool may reach', () => {
  test.each<[string, string[], RegistrySettings, string[]]>([
    ['npm', NPM, {}, ['npm.default:443']],
    ['pnpm', NPM, { npm: { registry: 'http://u:p@mirror:4873/npm/' } }, ['mirror:4873']],
    [
      'Yarn',
      NPM,
      {
        npm: { config: { '@a:registry': 'https://a.corp/', '//a.corp/:_authToken': 'https://x' } },
      },
      ['npm.default:443', 'a.corp:443'],
    ],
    [
      'Yarn',
      [...NPM, 'https://yarn.default'],
      { npm: { registry: 'https://mirror/npm/' } },
      ['mirror:443', 'npm.default:443', 'yarn.default:443'],
    ],
    ['uv', PIP, {}, ['pip.default:443', 'files.default:443']],
    [
      'Python',
      PIP,
      {
        pip: { extraIndexUrls: 'http://one.corp https://two.corp:8443/simple', findLinks: '/srv' },
      },
      ['pip.default:443', 'files.default:443', 'one.corp:80', 'two.corp:8443'],
    ],
    [
      'Python',
      PIP,
      { pip: { indexUrl: 'https://[fd00::1]:3141/x', findLinks: 'https://wheels.corp/x' } },
      ['fd00::1:3141', 'wheels.corp:443'],
    ],
    ['Maven', MAVEN, {}, ['maven.default:443']],
    ['Maven', MAVEN, { maven: { mirror: 'https://me:p@maven.corp/central' } }, ['maven.corp:443']],
    ['git', [], { npm: { registry: 'https://mirror/' } }, []],
  ])('%s by default %j, with %j: %j', (name, asks, settings, expected) => {
    expect(reach(name, asks, settings)).toEqual(expected)
  })

  test.each<[RegistrySettings['go'], string[]]>([
    [{}, ['go.default:443', 'sums.default:443']],
    [{ proxy: 'http://go.corp,direct' }, ['go.corp:80', 'sums.default:443']],
    [{ proxy: 'https://a.corp|https://b.corp', sumdb: 'off' }, ['a.corp:443', 'b.corp:443']],
    [{ proxy: 'off', sumdb: 'sums.corp+1a2b+c3' }, ['sums.corp:443']],
    [{ proxy: 'direct', sumdb: 'sums.corp https://a.corp/sumdb' }, ['a.corp:443']],
    [
      { proxy: 'off', sumdb: 'off', private: '*.corp,git.own/team/*', insecure: 'plain.corp' },
      ['*.corp:443', 'git.own:443', 'plain.corp:443', 'plain.corp:80'],
    ],
    [{ proxy: 'off', sumdb: 'off', private: '*' }, []],
  ])('Go with %j: %j, and where its large modules lie', (settings, expected) => {
    const all = reach('Go', GO, { go: settings })
    expect(all.filter((server) => !server.endsWith('(public)'))).toEqual(expected)
    expect(all).toHaveLength(expected.length + 1)
  })

  test.each([
    ['central', ['near.corp:443', 'repo.corp:8081']],
    ['external:*,!own', ['near.corp:443', 'repo.corp:8081']],
    ['*', ['near.corp:443', 'repo.corp:8081']],
    ['own', ['maven.default:443', 'near.corp:443', 'repo.corp:8081']],
  ])('Maven what a given file names, whose mirror is of %s: %j', (of, expected) => {
    const text = `<settings><!-- <url>https://no.corp</url> --><mirrors><mirror><id>a</id>
<mirrorOf>${of}</mirrorOf><url>https://near.corp/x</url></mirror></mirrors>
<profile><repository><url> http://repo.corp:8081/y </url></repository></profile></settings>`
    expect(reach('Maven', MAVEN, { maven: { settings: '/x' } }, text)).toEqual(expected)
  })

  test('Gradle what Maven may and its plugins, and a wrapper its distributions', () => {
    const settings = { maven: { mirror: 'https://maven.corp' } }
    const [of, ofWrapper] = ['Gradle', 'Gradle wrapper'].map((name) => reach(name, MAVEN, settings))
    expect(of).toEqual(expect.arrayContaining(['maven.corp:443', 'plugins.gradle.org:443']))
    expect(of).not.toContain('services.gradle.org:443')
    expect(ofWrapper).toEqual(expect.arrayContaining([...(of ?? []), 'services.gradle.org:443']))
  })

  test('whatever it is, the hosts that the operator allows beside', () => {
    const hosts = [{ host: '*.corp', port: 8443 }]
    const [, allowed] = reachOf({ name: 'npm', asks: NPM }, { settings: {}, hosts })
    expect(allowed).toEqual({ host: '*.corp', port: 8443, isTrusted: true })
    expect(reachOf({ name: 'git' }, { settings: {}, hosts })).toEqual([])
  })
})
