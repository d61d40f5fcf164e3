import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { RegistrySettings } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RegistryAccess } from './context.ts'
import { registryAccess } from './registry-access.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packline access-'))
  writeFileSync(join(folder, 'ca.pem'), rootCertificates.slice(0, 2).join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const TOOLS = ['npm', 'uv', 'Python', 'Maven', 'Go', 'git']

/** As where there is no sandbox. */
function openAccess({ of }: RegistryAccess, name: string) {
  const { reach: _, ...access } = of({ name }, 'none')
  return access
}

async function accessOf(tool: string, settings: RegistrySettings) {
  return openAccess(await registryAccess(settings), tool)
}

describe('registryAccess', () => {
  test('leaves each tool to its own defaults where the worker says nothing', async () => {
    for (const tool of TOOLS) {
      const { env, files, binds } = await accessOf(tool, {})
      expect(files).toEqual({})
      expect(binds).toEqual([])
      // npm alone is told to be less patient with a registry that is away.
      const names = Object.keys(env).filter((name) => !name.startsWith('npm_config_fetch_retry'))
      expect(names).toEqual([])
    }
  })

  test('gives every tool the authorities in the form that it reads', async () => {
    const settings = { ca: join(folder, 'ca.pem') }
    const certificate = new X509Certificate(rootCertificates[0] ?? '').toString()
    const ca = '/build/registries/ca.pem'
    const variables = {
      npm: 'NODE_EXTRA_CA_CERTS',
      uv: 'SSL_CERT_FILE',
      Python: 'PIP_CERT',
      Go: 'SSL_CERT_FILE',
      git: 'GIT_SSL_CAINFO',
    }
    for (const [tool, name] of Object.entries(variables)) {
      const { env, files } = await accessOf(tool, settings)
      expect(env[name]).toBe(ca)
      expect(files[ca]?.includes(certificate)).toBe(true)
    }
    const { env, files } = await accessOf('Maven', settings)
    const store = '/build/registries/authorities.jks'
    expect(env).toEqual({ PACKLINE_JAVA_TRUST_STORE: store })
    expect(Object.keys(files)).toEqual([store])
  })

  test('gives every tool the proxies, in both cases of their names', async () => {
    const proxy = { https: 'http://proxy.example:1', http: 'http://other.example:2', no: '.local' }
    for (const tool of TOOLS.filter((name) => name !== 'Maven')) {
      const { env } = await accessOf(tool, { proxy })
      expect(env).toMatchObject({
        ...{ HTTPS_PROXY: proxy.https, HTTP_PROXY: proxy.http, NO_PROXY: proxy.no },
        ...{ https_proxy: proxy.https, http_proxy: proxy.http, no_proxy: proxy.no },
      })
    }
    const { env, files } = await accessOf('Maven', { proxy })
    expect(env.PACKLINE_MAVEN_OPTIONS).toContain('-Dhttps.proxyHost=proxy.example')
    expect(files[env.PACKLINE_MAVEN_SETTINGS ?? '']).toContain('<host>other.example</host>')
  })

  test('tells each tool of its own registry, and no other', async () => {
    const access = await registryAccess({
      npm: { registry: 'https://npm.example/' },
      pip: {
        indexUrl: 'https://pip.example/simple',
        extraIndexUrls: 'https://a.example https://b.example',
        trustedHosts: 'a.example',
        findLinks: '/opt/wheels https://c.example /opt/more',
      },
      maven: { mirror: 'https://maven.example/' },
      go: { proxy: 'https://go.example', sumdb: 'off', private: '*.corp', nosumdb: 'x/*' },
    })
    expect(openAccess(access, 'Go').env).toEqual({
      ...{ GOPROXY: 'https://go.example', GOSUMDB: 'off' },
      ...{ GOPRIVATE: '*.corp', GONOSUMDB: 'x/*' },
    })
    expect(openAccess(access, 'Python').env).toEqual({
      PIP_INDEX_URL: 'https://pip.example/simple',
      UV_DEFAULT_INDEX: 'https://pip.example/simple',
      PIP_EXTRA_INDEX_URL: 'https://a.example https://b.example',
      UV_INDEX: 'https://a.example https://b.example',
      PIP_TRUSTED_HOST: 'a.example',
      UV_INSECURE_HOST: 'a.example',
      PIP_FIND_LINKS: '/opt/wheels https://c.example /opt/more',
      UV_FIND_LINKS: '/opt/wheels,https://c.example,/opt/more',
    })
    expect(openAccess(access, 'uv')).toEqual(openAccess(access, 'Python'))
    expect(openAccess(access, 'uv').binds).toEqual([
      { from: '/opt/wheels', to: '/opt/wheels' },
      { from: '/opt/more', to: '/opt/more' },
    ])
    expect(openAccess(access, 'npm').files).toEqual({
      '/build/registries/npmrc': 'registry="https://npm.example/"\n',
    })
    expect(openAccess(access, 'git')).toEqual({ env: {}, files: {}, binds: [] })
    for (const tool of TOOLS) {
      const told = JSON.stringify(openAccess(access, tool))
      const known = ['npm', 'pip', 'maven', 'go'].filter((name) => told.includes(`${name}.example`))
      expect(known.length).toBeLessThan(2)
    }
  })

  test('puts no token into a variable of npm, nor a password into an option of Maven', async () => {
    const access = await registryAccess({
      proxy: { https: 'http://me:hush-hush@proxy.example' },
      npm: { config: { '//npm.example/:_authToken': 'npm_hush' } },
      maven: { mirror: 'https://me:hush-hush@maven.example/' },
    })
    expect(JSON.stringify(openAccess(access, 'Maven').env)).not.toContain('hush')
    expect(JSON.stringify(openAccess(access, 'Maven').files)).toContain(
      '<password>hush-hush</password>',
    )
    const { env, files } = openAccess(access, 'npm')
    expect(files[env.npm_config_userconfig ?? '']).toContain('npm_hush')
    expect(JSON.stringify(env)).not.toContain('npm_hush')
    expect(access.secrets).toEqual(expect.arrayContaining(['npm_hush', 'hush-hush']))
  })

  test('tells a fenced tool of the door alone, and keeps the proxies for the worker', async () => {
    const settings = join(folder, 'proxied.xml')
    const proxy = '<proxy><host>maven.proxy</host><password>hush</password></proxy>'
    writeFileSync(settings, `<settings><proxies>${proxy}</proxies></settings>`)
    const https = 'http://me:hush@proxy.example:8080'
    const access = await registryAccess({ proxy: { https, no: '.corp' }, maven: { settings } })
    const fenced = (name: string) => access.of({ name }, 'sandbox')
    const written = TOOLS.map((name) => JSON.stringify(fenced(name).files))
    expect(written.join()).not.toMatch(/hush|proxy\.example|maven\.proxy|corp/)
    for (const name of ['npm', 'uv', 'Go', 'git', 'pnpm', 'Yarn']) {
      expect(fenced(name).env).toMatchObject({ HTTPS_PROXY: https, NO_PROXY: '.corp' })
    }
    const door = 'http://127.0.0.1:3128'
    expect(fenced('npm').env).toMatchObject({ npm_config_https_proxy: door })
    expect(fenced('Yarn').files['/build/registries/.yarnrc.yml']).toContain(door)
    for (const name of ['Maven', 'Gradle', 'Gradle wrapper']) {
      const { env, files } = fenced(name)
      expect(env.HTTPS_PROXY).toBe('http://:hush@maven.proxy:8080')
      expect(env.PACKLINE_MAVEN_OPTIONS?.split(' ')).toContain('-Dhttp.nonProxyHosts=')
      expect(files['/build/registries/settings.xml']).toContain('<port>3128</port>')
    }
    const gradle = fenced('Gradle').files['/build/registries/gradle.properties']
    expect(gradle).toContain('systemProp.https.proxyPort=3128')
  })

  test('gives a fenced Maven the door without any configuration, and its registries', async () => {
    const hosts = [{ host: 'more.example', port: 8443 }]
    const { of } = await registryAccess({}, hosts)
    const { env, files, reach } = of(
      { name: 'Maven', asks: ['https://maven.example/m'] },
      'sandbox',
    )
    expect(env.PACKLINE_MAVEN_OPTIONS).toContain('-Dhttps.proxyPort=3128')
    expect(files['/build/registries/settings.xml']).toContain('<host>127.0.0.1</host>')
    expect(reach.map(({ host, port }) => `${host}:${port}`)).toEqual([
      'maven.example:443',
      'more.example:8443',
    ])
  })

  test('hands a settings file of Maven over as it is, and adds nothing to it', async () => {
    const settings = join(folder, 'settings.xml')
    const xml = '<settings><password>of-the-file</password></settings>'
    writeFileSync(settings, xml, { mode: 0o600 })
    const access = await registryAccess({
      proxy: { https: 'http://proxy.example' },
      maven: { settings, mirror: 'https://maven.example/' },
    })
    const path = '/build/registries/settings.xml'
    expect(openAccess(access, 'Maven')).toEqual({
      env: { PACKLINE_MAVEN_SETTINGS: path },
      files: { [path]: xml },
      binds: [],
    })
    expect(access.secrets).toEqual(['of-the-file'])
  })

  test.each<[string, (folder: string) => RegistrySettings, RegExp]>([
    ['authorities', (at) => ({ ca: join(at, 'none.pem') }), /authorities .*none\.pem can not be/],
    ['settings', (at) => ({ maven: { settings: join(at, 'no.xml') } }), /no\.xml can not be read/],
    ['a mirror', () => ({ maven: { mirror: 'me:hush-hush@x' } }), /is no address$/],
  ])('refuses %s that can not be used', async (_, settings, message) => {
    const refused = registryAccess(settings(folder))
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
    await expect(refused).rejects.toThrow(message)
  })
})
