import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { registrySettingsSchema } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { describeRegistries, registrySettings } from './registries.ts'

/** A home with settings files, and the same for the system. */
function home(files: Record<string, string>): { HOME: string; system: string } {
  const HOME = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(HOME, name)), { recursive: true })
    writeFileSync(path.join(HOME, name), text)
  }
  return { HOME, system: path.join(HOME, 'etc') }
}

describe('registrySettings', () => {
  test('is empty on a machine that says nothing', async () => {
    const { HOME, system } = home({})
    expect(await registrySettings({ HOME }, system)).toEqual({})
  })

  test('reads the variables that the tools read', async () => {
    const { HOME, system } = home({ 'ca.pem': 'PEM' })
    const ca = path.join(HOME, 'ca.pem')
    const settings = await registrySettings(
      {
        HOME,
        NODE_EXTRA_CA_CERTS: '/nonexistent/ca.pem',
        SSL_CERT_FILE: ca,
        HTTPS_PROXY: 'http://proxy.example:3128',
        no_proxy: 'localhost,.example',
        npm_config_registry: 'https://npm.example/',
        PIP_INDEX_URL: 'https://pip.example/simple',
        PIP_FIND_LINKS: '/opt/wheels',
        GOPROXY: 'https://go.example,direct',
        GOSUMDB: 'off',
      },
      system,
    )
    expect(settings).toEqual({
      ca,
      proxy: { https: 'http://proxy.example:3128', no: 'localhost,.example' },
      npm: { registry: 'https://npm.example/' },
      pip: { indexUrl: 'https://pip.example/simple', findLinks: '/opt/wheels' },
      go: { proxy: 'https://go.example,direct', sumdb: 'off' },
    })
    expect(registrySettingsSchema.parse(settings)).toEqual(settings)
  })

  test('reads the settings files of the tools, the user before the system', async () => {
    const { HOME, system } = home({
      '.npmrc': '; mine\nregistry = https://npm.example/\n//npm.example/:_authToken=secret\n',
      'etc/npmrc': 'registry=https://other.example/\nproxy=http://proxy.example:80\n',
      '.config/pip/pip.conf': '[global]\nindex-url = https://pip.example/simple\n',
      'etc/pip.conf': '[global]\nindex-url = https://other.example\nfind-links = /opt/wheels\n',
      '.config/go/env': 'GOPROXY=https://go.example\n',
      '.m2/settings.xml': '<settings/>',
    })
    expect(await registrySettings({ HOME }, system)).toEqual({
      proxy: { http: 'http://proxy.example:80' },
      npm: { registry: 'https://npm.example/' },
      pip: { indexUrl: 'https://pip.example/simple', findLinks: '/opt/wheels' },
      maven: { settings: path.join(HOME, '.m2', 'settings.xml') },
      go: { proxy: 'https://go.example' },
    })
  })

  test('goes by the variable where a file says something else', async () => {
    const { HOME, system } = home({ '.npmrc': 'registry=https://file.example/\n' })
    const settings = await registrySettings(
      { HOME, NPM_CONFIG_REGISTRY: 'https://variable.example/' },
      system,
    )
    expect(settings.npm).toEqual({ registry: 'https://variable.example/' })
  })
})

describe('describeRegistries', () => {
  test('prints one line for each tool, without user and password', () => {
    const lines = describeRegistries({
      ca: '/etc/ca.pem',
      proxy: { https: 'http://me:secret@proxy.example:3128' },
      go: { proxy: 'https://me:secret@a.example|https://key@b.example,direct', sumdb: 'off' },
    })
    expect(lines).toEqual([
      'ca /etc/ca.pem',
      'proxy: https http://***@proxy.example:3128',
      'go: proxy https://***@a.example|https://***@b.example,direct, sumdb off',
    ])
  })
})
