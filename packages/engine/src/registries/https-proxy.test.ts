import { expect, test } from 'vitest'
import { httpsProxy } from './https-proxy.ts'

test('an https server is reached by the proxy of the settings, but for those it is not for', () => {
  const proxyFor = httpsProxy({ proxy: { https: 'http://proxy:3128', no: '.corp.example' } })
  expect(proxyFor({ host: 'code.example', port: 443 })?.href).toBe('http://proxy:3128/')
  expect(proxyFor({ host: 'git.corp.example', port: 443 })).toBeUndefined()
  const server = { host: 'code.example', port: 443 }
  expect(httpsProxy({ proxy: { http: 'http://proxy:3128' } })(server)).toBeUndefined()
  expect(httpsProxy({})(server)).toBeUndefined()
})
