import { expect, test } from 'vitest'
import { toolEnvironment } from './environment.ts'

test('tools get the ways out of this machine and nothing that is secret', () => {
  const environment = toolEnvironment({
    PATH: '/usr/bin',
    HOME: '/home/a',
    https_proxy: 'http://proxy.example:3128',
    NO_PROXY: 'localhost',
    SSL_CERT_FILE: '/etc/ca.pem',
    GOPROXY: 'https://go.example',
    DOCKER_HOST: 'unix:///run/docker.sock',
    XDG_CACHE_HOME: undefined,
    AWS_SECRET_ACCESS_KEY: 'secret',
    NODE_OPTIONS: '--inspect',
    npm_config__authToken: 'secret',
    LC_ALL: 'zh_CN.UTF-8',
  })
  expect(environment).toEqual({
    PATH: '/usr/bin',
    HOME: '/home/a',
    https_proxy: 'http://proxy.example:3128',
    NO_PROXY: 'localhost',
    SSL_CERT_FILE: '/etc/ca.pem',
    GOPROXY: 'https://go.example',
    DOCKER_HOST: 'unix:///run/docker.sock',
    LC_ALL: 'C',
    DEBIAN_FRONTEND: 'noninteractive',
  })
})
