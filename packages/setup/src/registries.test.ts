import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { registrySettingsSchema } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import type { Environment } from './environment.ts'
import { registrySettings } from './registries.ts'

/** What a machine with these files says; its system's own lie below `etc` and `usr`. */
async function settingsOf(files: Record<string, string>, variables: Environment = {}) {
  const HOME = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(HOME, name)), { recursive: true })
    writeFileSync(path.join(HOME, name), text)
  }
  const inHome = Object.entries(variables).map(([name, value]) => [
    name,
    value?.replace('HOME', HOME),
  ])
  const settings = await registrySettings({ HOME, ...Object.fromEntries(inHome) }, HOME)
  expect(registrySettingsSchema.parse(settings)).toEqual(settings)
  const text = JSON.stringify(settings).replaceAll(JSON.stringify(HOME).slice(1, -1), 'HOME')
  return JSON.parse(text)
}

describe('registrySettings', () => {
  test('is empty on a machine that says nothing, or empty things', async () => {
    expect(await settingsOf({})).toEqual({})
    const empty = { HTTPS_PROXY: '', PIP_INDEX_URL: '', GOPROXY: '', SSL_CERT_FILE: '' }
    expect(await settingsOf({ '.npmrc': 'registry=\n', 'etc/pip.conf': '' }, empty)).toEqual({})
  })

  test('reads the variables that the tools read', async () => {
    const settings = await settingsOf(
      { 'ca.pem': '-----BEGIN CERTIFICATE-----', 'key.pem': '-----BEGIN PRIVATE KEY-----' },
      {
        SSL_CERT_FILE: '/nonexistent/ca.pem',
        PIP_CERT: 'HOME/key.pem',
        NODE_EXTRA_CA_CERTS: 'HOME/ca.pem',
        HTTPS_PROXY: 'http://proxy.example:3128',
        no_proxy: 'localhost,.example',
        npm_config_registry: 'https://npm.example/',
        PIP_INDEX_URL: 'https://pip.example/simple',
        PIP_EXTRA_INDEX_URL: 'https://a.example https://b.example',
        PIP_TRUSTED_HOST: 'a.example',
        PIP_FIND_LINKS: '/opt/wheels',
        GOPROXY: 'https://go.example,direct',
        GOSUMDB: 'off',
        GOPRIVATE: '*.corp.example',
        GONOPROXY: 'none',
        GONOSUMDB: 'git.example/*',
        GOINSECURE: 'old.example',
      },
    )
    expect(settings).toEqual({
      ca: 'HOME/ca.pem',
      proxy: { https: 'http://proxy.example:3128', no: 'localhost,.example' },
      npm: { registry: 'https://npm.example/' },
      pip: {
        indexUrl: 'https://pip.example/simple',
        extraIndexUrls: 'https://a.example https://b.example',
        trustedHosts: 'a.example',
        findLinks: '/opt/wheels',
      },
      go: {
        proxy: 'https://go.example,direct',
        sumdb: 'off',
        private: '*.corp.example',
        noproxy: 'none',
        nosumdb: 'git.example/*',
        insecure: 'old.example',
      },
    })
  })

  test('reads the settings files of the tools, the user before the system', async () => {
    const settings = await settingsOf({
      '.npmrc': '; mine\nregistry = "https://npm.example/"\n',
      'etc/npmrc': 'registry=https://other.example/\nproxy=http://proxy.example:80\n',
      '.config/pip/pip.conf': '[global]\nindex-url = https://pip.example/simple\n',
      'etc/pip.conf': '[global]\nindex-url = https://other.example\nfind-links = /opt/wheels\n',
      '.config/go/env': 'GOPROXY=https://go.example\nGOPRIVATE=corp.example\n',
      '.m2/settings.xml': '<settings/>',
    })
    expect(settings).toEqual({
      proxy: { http: 'http://proxy.example:80' },
      npm: { registry: 'https://npm.example/' },
      pip: { indexUrl: 'https://pip.example/simple', findLinks: '/opt/wheels' },
      maven: { settings: 'HOME/.m2/settings.xml' },
      go: { proxy: 'https://go.example', private: 'corp.example' },
    })
  })

  test('goes by the variable where a file says something else', async () => {
    const { npm, go } = await settingsOf(
      {
        '.npmrc': 'registry=https://file.example/\n',
        '.config/go/env': 'GOPROXY=https://file.example\n',
      },
      { NPM_CONFIG_REGISTRY: 'https://variable.example/', GOPROXY: 'off' },
    )
    expect(npm).toEqual({ registry: 'https://variable.example/' })
    expect(go).toEqual({ proxy: 'off' })
  })

  test('takes of an npmrc what leads to registries, its tokens filled in, and nothing else', async () => {
    const { npm } = await settingsOf(
      {
        '.npmrc': [
          'registry=https://npm.example/a/path/',
          '@corp:registry=https://corp.example/npm/',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own form
          '//corp.example/npm/:_authToken=${CORP_TOKEN}',
          '//npm.example/a/path/:_auth=dXNlcjpwYXNzd29yZA==',
          '//other.example/:certfile=/home/me/key.pem',
          'ignore-scripts=false',
          'omit[]=optional',
          'prefix=/opt/node',
          '_authToken=of-no-host',
        ].join('\n'),
      },
      { CORP_TOKEN: 'npm_secret', 'npm_config_//more.example/:_authToken': 'npm_more' },
    )
    expect(npm).toEqual({
      registry: 'https://npm.example/a/path/',
      config: {
        '@corp:registry': 'https://corp.example/npm/',
        '//corp.example/npm/:_authToken': 'npm_secret',
        '//npm.example/a/path/:_auth': 'dXNlcjpwYXNzd29yZA==',
        '//more.example/:_authToken': 'npm_more',
      },
    })
  })

  test('takes lists of a pip.conf over several lines, of the sections for installing', async () => {
    const { pip } = await settingsOf({
      'etc/pip.conf': [
        '[global]',
        'timeout = 60',
        'extra-index-url =',
        '    https://a.example/simple?x=y',
        '    # not this',
        '    https://b.example/simple',
        '[install]',
        'trusted-host = a.example',
        '  b.example',
        '[download]',
        'index-url = https://not.example/simple',
      ].join('\n'),
    })
    expect(pip).toEqual({
      extraIndexUrls: 'https://a.example/simple?x=y https://b.example/simple',
      trustedHosts: 'a.example b.example',
    })
  })

  test('leaves flags of Go alone: they would change what is built', async () => {
    const file = { '.config/go/env': 'GOFLAGS=-mod=vendor\nGOARCH=386\n' }
    expect(await settingsOf(file, { GOFLAGS: '-tags=netgo' })).toEqual({})
  })

  test('takes files of settings from where variables say they are', async () => {
    const settings = await settingsOf(
      {
        'own/npmrc': 'registry=https://npm.example/\n',
        'own/pip.conf': '[global]\nindex-url=https://pip.example/\n',
        'own/env': 'GOSUMDB=off\n',
      },
      {
        npm_config_userconfig: 'HOME/own/npmrc',
        PIP_CONFIG_FILE: 'HOME/own/pip.conf',
        GOENV: 'HOME/own/env',
      },
    )
    expect(settings).toEqual({
      npm: { registry: 'https://npm.example/' },
      pip: { indexUrl: 'https://pip.example/' },
      go: { sumdb: 'off' },
    })
  })
})
