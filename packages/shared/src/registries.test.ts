import { expect, test } from 'vitest'
import { registryHostsVariable } from './registries.ts'

test('hosts that builds may reach beside the registries have a port, or that of https', () => {
  expect(registryHostsVariable.parse(undefined)).toEqual([])
  expect(
    registryHostsVariable.parse('git.example, *.Corp.example:8443,10.0.0.1:80 [fd00::1]'),
  ).toEqual([
    { host: 'git.example', port: 443 },
    { host: '*.corp.example', port: 8443 },
    { host: '10.0.0.1', port: 80 },
    { host: 'fd00::1', port: 443 },
  ])
})

test.each([
  'https://git.example',
  'git.example/path',
  'me@git.example',
  '*',
  '*.',
  'git.*.example',
  'git.example:x',
  'fd00::1',
])('%s is none of them', (text) => {
  const { error } = registryHostsVariable.safeParse(`good.example,${text}`)
  expect(error?.issues[0]?.message).toMatch(/^must be host or host:port/)
})
