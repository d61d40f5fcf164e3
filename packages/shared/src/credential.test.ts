import { describe, expect, it } from 'vitest'
import { credentialNameSchema, credentialSchema } from './credential.ts'
import { parse } from './parse.ts'

const PEM = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'

describe('a credential', () => {
  it.each([
    { kind: 'git-token', host: 'git.example', token: 'ghp_1' },
    { kind: 'git-token', host: 'git.example:8443', username: 'oauth2', token: 'glpat-1' },
    { kind: 'git-token', host: '[::1]:3000', token: 'a' },
    { kind: 'git-key', host: 'git.example', privateKey: PEM },
    { kind: 'git-key', host: 'git.example', privateKey: PEM, knownHosts: 'git.example ssh-rsa A' },
    { kind: 'object', store: 'main', accessKeyId: 'AKIA', secretAccessKey: 'a/b+c=' },
  ])('is taken: %j', (credential) => {
    expect(credentialSchema.parse(credential)).toEqual(credential)
  })

  it('has its host in lower case', () => {
    const given = { kind: 'git-token', host: 'Git.Example', token: 'a' }
    expect(credentialSchema.parse(given)).toMatchObject({ host: 'git.example' })
  })

  it.each([
    [{ kind: 'git-token', host: 'https://git.example', token: 'a' }, 'host: must be a host'],
    [{ kind: 'git-token', host: 'user@git.example', token: 'a' }, 'host: must be a host'],
    [{ kind: 'git-token', host: 'git.example/x', token: 'a' }, 'host: must be a host'],
    [{ kind: 'git-token', host: 'git.example', token: 'a\r\nX: b' }, 'token: must be one word'],
    [{ kind: 'git-token', host: 'git.example', token: '' }, 'token: '],
    [{ kind: 'git-key', host: 'git.example', privateKey: 'ssh-rsa A' }, 'privateKey: must be a pr'],
    [{ kind: 'object', store: 'Main', accessKeyId: 'a', secretAccessKey: 'b' }, 'store: must be'],
    [{ kind: 'object', store: 'main', accessKeyId: 'a' }, 'secretAccessKey: '],
    [{ kind: 'git-token', host: 'a', token: 'b', password: 'c' }, 'there is no "password" here'],
    [{ kind: 'password', host: 'a' }, 'kind: expected "git-token", "git-key", "object"'],
  ])('is refused: %j', (credential, message) => {
    expect(() => parse(credentialSchema, credential, 'the body')).toThrow(message)
  })

  it.each([
    { kind: 'git-token', host: 'git.example', token: 'canary 1' },
    { kind: 'git-key', host: 'git.example', privateKey: 'canary' },
    { kind: 'object', store: 'main', accessKeyId: 'a', secretAccessKey: 'canary 1' },
  ])('says nothing of what was secret where it is refused: %j', (credential) => {
    const refused = () => parse(credentialSchema, credential, 'the body')
    expect(refused).toThrow(/found \d+ characters/)
    expect(refused).not.toThrow(/canary/)
  })

  it('has a name that can stand in a path', () => {
    for (const name of ['a', 'git-main', 'Store_1.eu']) credentialNameSchema.parse(name)
    for (const name of ['', '1a', 'a/b', 'a b', '__proto__', 'a'.repeat(65)]) {
      expect(credentialNameSchema.safeParse(name).success).toBe(false)
    }
  })
})
