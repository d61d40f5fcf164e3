import { expect, it } from 'vitest'
import { yarnrcOf } from './yarnrc.ts'

it('says nothing where the settings say nothing', () => {
  expect(yarnrcOf({})).toBe('')
})

it('has the registries, scopes and tokens of an npmrc as Yarn names them', () => {
  const text = yarnrcOf({
    npm: {
      registry: 'https://user:pass@mirror.example/npm/',
      config: {
        '@team:registry': 'http://inner.example:4873',
        '//inner.example:4873/:_authToken': 'token',
      },
    },
    proxy: { https: 'http://proxy.example:3128' },
  })
  expect(JSON.parse(text)).toEqual({
    npmRegistryServer: 'https://mirror.example/npm/',
    npmScopes: { team: { npmRegistryServer: 'http://inner.example:4873' } },
    npmRegistries: {
      '//mirror.example/npm': { npmAuthIdent: Buffer.from('user:pass').toString('base64') },
      '//inner.example:4873': { npmAuthToken: 'token' },
    },
    unsafeHttpWhitelist: ['inner.example'],
    httpsProxy: 'http://proxy.example:3128',
  })
})
