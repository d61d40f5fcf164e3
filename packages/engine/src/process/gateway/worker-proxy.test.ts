import { describe, expect, it, test } from 'vitest'
import { hostOf, workerProxy } from './worker-proxy.ts'

const server = { host: 'git.example', port: 443 }
const proxy = 'http://proxy.example:8080'

describe('workerProxy', () => {
  it('takes the variable of the scheme, in small or large letters, with or without a scheme', () => {
    const env = { HTTPS_PROXY: proxy, http_proxy: 'plain.example:3128' }
    expect(workerProxy(env, 'https', server)?.href).toBe(`${proxy}/`)
    expect(workerProxy(env, 'http', server)?.href).toBe('http://plain.example:3128/')
    expect(workerProxy({ HTTP_PROXY: proxy }, 'https', server)).toBeUndefined()
    expect(workerProxy({ HTTPS_PROXY: '' }, 'https', server)).toBeUndefined()
  })

  it.each(['git.example', '.example', '*.example', 'a, GIT.example:443', '*', 'b example'])(
    'goes directly where NO_PROXY is %j',
    (list) => {
      expect(workerProxy({ HTTPS_PROXY: proxy, NO_PROXY: list }, 'https', server)).toBeUndefined()
    },
  )

  it.each(['', 'it.example', 'git.example:80', 'git', 'www.git.example', '.', ','])(
    'takes the proxy where NO_PROXY is %j',
    (list) => {
      expect(workerProxy({ https_proxy: proxy, no_proxy: list }, 'https', server)).toBeDefined()
    },
  )

  it('refuses what is no http proxy, without repeating its password', () => {
    for (const address of ['socks5://me:s3cret@host', 'http://me:s3cret@ho st', 'ftp://s3cret']) {
      const read = () => workerProxy({ HTTPS_PROXY: address }, 'https', server)
      expect(read).toThrow("the worker's https proxy is not an http or https address")
    }
  })
})

test('a host of version 6 is told without its brackets', () => {
  expect(hostOf(new URL('http://[::1]:8080'))).toBe('::1')
})
