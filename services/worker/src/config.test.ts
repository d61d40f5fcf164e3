import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

const NEEDED = {
  PACKLINE_REDIS_URL: 'redis://127.0.0.1:6379',
  PACKLINE_STORE_URL: 'file:///var/lib/packline',
}

describe('the environment of a worker', () => {
  test('needs two variables; the rest has values that work', () => {
    expect(readConfig(NEEDED)).toMatchObject({
      redisUrl: 'redis://127.0.0.1:6379',
      profile: 'ctyun-functiongraph',
      prefix: '{packline}',
      buildsMax: 48,
      toolSlots: availableParallelism(),
      stopMs: 20_000,
      localGit: false,
      plainHttpHosts: [],
      unsandboxed: false,
      worker: expect.stringMatching(new RegExp(`^.+-${process.pid}$`)),
    })
  })

  test('says each thing that is wrong by the name of its variable', () => {
    const wrong = {
      PACKLINE_REDIS_URL: 'http://127.0.0.1',
      PACKLINE_PREFIX: 'packline',
      PACKLINE_STOP_SECONDS: '0',
      PACKLINE_LOCAL_GIT: 'yes',
    }
    expect(() => readConfig(wrong)).toThrow(
      expect.objectContaining({
        code: 'INVALID_REQUEST',
        message: expect.stringMatching(
          /REDIS_URL: .*\n.*STORE_URL: .*\n.*PREFIX: .*\n.*LOCAL_GIT: .*\n.*STOP_SECONDS: /,
        ),
      }),
    )
  })

  test('gives the first user id of its builds, where users of people and of systemd are not', () => {
    expect(readConfig({ ...NEEDED, PACKLINE_UID_BASE: '60600' })).toMatchObject({ uidBase: 60_600 })
    expect(readConfig(NEEDED)).toMatchObject({ uidBase: 61_000 })
    for (const uid of ['0', '999', '65100', 'nobody', '61000.5']) {
      expect(() => readConfig({ ...NEEDED, PACKLINE_UID_BASE: uid })).toThrow(/PACKLINE_UID_BASE: /)
    }
  })

  test('gives mirrors as JSON and hosts as a list', () => {
    const config = readConfig({
      ...NEEDED,
      PACKLINE_REGISTRIES: '{"npm":{"registry":"http://mirror/npm"}}',
      PACKLINE_PLAIN_HTTP_HOSTS: 'git.example,127.0.0.1',
      PACKLINE_LOCAL_GIT: '1',
    })
    expect(config).toMatchObject({
      registries: { npm: { registry: 'http://mirror/npm' } },
      plainHttpHosts: ['git.example', '127.0.0.1'],
      localGit: true,
    })
  })

  test('does not fail without words where the mirrors are no JSON', () => {
    const broken = { ...NEEDED, PACKLINE_REGISTRIES: '{npm' }
    expect(() => readConfig(broken)).toThrow(/PACKLINE_REGISTRIES: must be JSON/)
    const unknown = { ...NEEDED, PACKLINE_REGISTRIES: '{"cargo":{}}' }
    expect(() => readConfig(unknown)).toThrow(/PACKLINE_REGISTRIES: .*cargo/)
  })
})
