import { toFailure } from '@packline/shared'
import { expect, test } from 'vitest'
import { checkRef, isCommit, remoteOf } from './remote.ts'

const CLOSED = { allowLocalGit: false, plainHttpHosts: ['git.test', '127.0.0.1:3000'] }

function codeOf(work: () => unknown): string {
  try {
    work()
    return 'allowed'
  } catch (error) {
    return toFailure(error).code
  }
}

test('https is read, http only from the hosts that are named', () => {
  expect(remoteOf('https://host.example/a/b.git', CLOSED)).toEqual({
    kind: 'host',
    url: 'https://host.example/a/b.git',
    host: 'host.example',
    protocols: 'https',
    reach: [{ host: 'host.example', port: 443 }],
  })
  expect(remoteOf('http://git.test:8080/a', CLOSED)).toMatchObject({ protocols: 'http:https' })
  expect(remoteOf('http://127.0.0.1:3000/a', CLOSED)).toMatchObject({ host: '127.0.0.1:3000' })
  expect(codeOf(() => remoteOf('http://127.0.0.1:3001/a', CLOSED))).toBe('SOURCE_NOT_ALLOWED')
  expect(codeOf(() => remoteOf('http://host.example/a', CLOSED))).toBe('SOURCE_NOT_ALLOWED')
})

test('what the operator names for plain http may be inside; all else must be public', () => {
  const trusted = (address: string) => {
    const remote = remoteOf(address, CLOSED)
    return remote.kind === 'host' && remote.reach.map(({ isTrusted }) => isTrusted ?? false)
  }
  expect(trusted('http://127.0.0.1:3000/a')).toEqual([true])
  expect(trusted('https://git.test/a')).toEqual([true])
  expect(trusted('https://host.example/a')).toEqual([false])
  expect(trusted('ssh://git@git.test/a')).toEqual([false])
})

test.each([
  ['https://host.example/a', ['host.example 443']],
  ['https://Host.Example:8443/a', ['host.example 8443']],
  ['https://[2001:db8::1]/a', ['2001:db8::1 443']],
  ['http://git.test/a', ['git.test 80', 'git.test 443']],
  ['http://git.test:8080/a', ['git.test 8080']],
])('for %s git may connect to %j only', (address, expected) => {
  const remote = remoteOf(address, CLOSED)
  const reach = remote.kind === 'host' ? remote.reach : []
  expect(reach.map(({ host, port }) => `${host} ${port}`)).toEqual(expected)
})

test('paths of the worker are read only where it says so', () => {
  const open = { allowLocalGit: true, plainHttpHosts: [] }
  for (const path of ['/srv/git/a.git', '/srv/x/../git/a.git', 'file:///srv/git/a.git']) {
    expect(remoteOf(path, open)).toEqual({ kind: 'local', path: '/srv/git/a.git' })
    expect(codeOf(() => remoteOf(path, CLOSED))).toBe('SOURCE_NOT_ALLOWED')
  }
  expect(codeOf(() => remoteOf('file://other/srv/a.git', open))).toBe('SOURCE_NOT_ALLOWED')
})

test.each([
  ['ssh://git@Host.Example/a/b.git', 'host.example', 22],
  ['ssh://git@host.example:2222/a', 'host.example:2222', 2222],
  ['ssh://git@[2001:db8::1]/a', '[2001:db8::1]', 22],
  ['git@host.example:owner/a.git', 'host.example', 22],
])('%s is read over ssh, by that server alone', (address, host, port) => {
  const remote = remoteOf(address, CLOSED)
  expect(remote).toMatchObject({ kind: 'host', url: address, host, protocols: 'ssh' })
  expect(remote.kind === 'host' && remote.reach).toEqual([
    { host: expect.stringMatching(/^(host\.example|2001:db8::1)$/i), port },
  ])
})

test.each([
  'ssh://host.example/a.git',
  'ssh://git:secret@host.example/a.git',
  'ssh://-oProxyCommand=x@host.example/a',
  'ssh://git@-oProxyCommand=x/a',
  'ssh://git@host.example/',
  'git@-oProxyCommand=x:a',
  'git@host.example:',
  'git@host.example:/etc\npasswd',
  'ext::sh -c touch% /tmp/x',
  'fd::17',
  '--upload-pack=touch /tmp/x',
  '-oProxyCommand=x',

  'git://host.example/a.git',
  'ftp://host.example/a.git',
  'https://token@host.example/a.git',
  'https://me:secret@host.example/a.git',
  'https://host.example/a.git#main',
  'https://host.example/a .git',
  'https://host.example/a\n.git',
  'relative/path',
  '../up',
  '',
])('the address %j is refused', (address) => {
  expect(codeOf(() => remoteOf(address, { ...CLOSED, allowLocalGit: true }))).toBe(
    'SOURCE_NOT_ALLOWED',
  )
})

test.each(['HEAD', 'main', 'feature/a-b', 'v1.2.3', 'refs/tags/v1', '版本', 'a'.repeat(40)])(
  'the ref %s is taken',
  (ref) => expect(() => checkRef(ref)).not.toThrow(),
)

test.each([
  '--upload-pack=touch x',
  '-x',
  '+main',
  'main:other',
  ':main',
  'a..b',
  'a b',
  'a\nb',
  'a~1',
  'a^{commit}',
  'a?',
  'a*',
  'a[b',
  'a\\b',
  '@',
  'main@{1}',
  'main.lock',
  'a//b',
  'a/.b',
  'a/',
  '.a',
  '/a',
])('the ref %j is refused', (ref) => {
  expect(codeOf(() => checkRef(ref))).toBe('INVALID_REQUEST')
})

test('only full ids count as commits', () => {
  expect(isCommit('0123456789abcdef0123456789abcdef01234567')).toBe(true)
  expect(isCommit('0123456')).toBe(false)
  expect(isCommit(`${'0'.repeat(40)}\n`)).toBe(false)
})
