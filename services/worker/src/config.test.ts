import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../packages/engine/src/process/limits.ts'
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
      mirrorsBytesMax: 10 * 1024 ** 3,
      stopMs: 20_000,
      localGit: false,
      outboundAllow: [],
      plainHttpHosts: [],
      unsandboxed: false,
      unsandboxedTenant: undefined,
      limits: DEFAULT_LIMITS,
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

  test('says nothing of the secrets that are wrong', () => {
    const canary = 'canary-of-a-setting'
    const wrong: Record<string, string>[] = [
      { PACKLINE_REDIS_URL: `http://me:${canary}@127.0.0.1` },
      { PACKLINE_STORE_URL: `${canary} is no address` },
      { PACKLINE_OBJECT_STORES: `[{"secretAccessKey": ${canary}}]` },
      { PACKLINE_OBJECT_STORES: `[{"name": "a", "secretAccessKey": "${canary}"}]` },
      { PACKLINE_OBJECT_STORES: `[{"name": "a", "secretAccessKey": ["${canary}"]}]` },
      { PACKLINE_OUTBOUND_ALLOW: `me:${canary}@127.0.0.1` },
      { PACKLINE_LOG_LEVEL: canary },
      { PACKLINE_REGISTRIES: `{"npm": ${canary}}` },
      { PACKLINE_REGISTRIES: `{"npm": {"config": {"//a/:_other": "${canary}"}}}` },
      { PACKLINE_REGISTRIES: `{"pip": {"indexUrl": ["https://me:${canary}@a"]}}` },
    ]
    for (const one of wrong) {
      const told = (() => {
        try {
          return readConfig({ ...NEEDED, ...one })
        } catch (error) {
          return error
        }
      })()
      expect([one, told]).toEqual([one, expect.objectContaining({ code: 'INVALID_REQUEST' })])
      expect(String(told)).not.toContain(canary)
    }
  })

  test('gives the first user id of its builds, where users of people and of systemd are not', () => {
    expect(readConfig({ ...NEEDED, PACKLINE_UID_BASE: '60600' })).toMatchObject({ uidBase: 60_600 })
    expect(readConfig(NEEDED)).toMatchObject({ uidBase: 61_000 })
    for (const uid of ['0', '999', '65100', 'nobody', '61000.5']) {
      expect(() => readConfig({ ...NEEDED, PACKLINE_UID_BASE: uid })).toThrow(/PACKLINE_UID_BASE: /)
    }
  })

  test('gives what one command may use, and takes no limit that none could keep to', () => {
    const settings = {
      PACKLINE_MEMORY_MIB_MAX: '2048',
      PACKLINE_PROCESSES_MAX: '100',
      PACKLINE_PROCESSORS_MAX: '1.5',
      PACKLINE_OPEN_FILES_MAX: '1024',
      PACKLINE_DISK_MIB_MAX: '512',
      PACKLINE_FILES_MAX: '5000',
      PACKLINE_TMP_MIB_MAX: '64',
      PACKLINE_OUTPUT_MIB_MAX: '8',
    }
    expect(readConfig({ ...NEEDED, ...settings }).limits).toEqual({
      memoryBytesMax: 2 * 1024 ** 3,
      processesMax: 100,
      processorsMax: 1.5,
      openFilesMax: 1024,
      diskBytesMax: 512 * 1024 ** 2,
      filesMax: 5000,
      tmpBytesMax: 64 * 1024 ** 2,
      outputBytesMax: 8 * 1024 ** 2,
    })
    for (const [name, value] of Object.entries({ ...settings, PACKLINE_FILES_MAX: '10.5' })) {
      const wrong = value === '10.5' ? value : '0'
      expect(() => readConfig({ ...NEEDED, [name]: wrong })).toThrow(name)
    }
  })

  test('keeps no mirrors of git repositories where they may take nothing', () => {
    const config = readConfig({ ...NEEDED, PACKLINE_MIRRORS_MIB_MAX: '0' })
    expect(config.mirrorsBytesMax).toBe(0)
  })

  test('gives registries as JSON and hosts as a list', () => {
    const config = readConfig({
      ...NEEDED,
      PACKLINE_REGISTRIES: '{"npm":{"registry":"http://mirror/npm"}}',
      PACKLINE_REGISTRY_HOSTS: 'files.example,*.corp.example:8443',
      PACKLINE_PLAIN_HTTP_HOSTS: 'git.example,127.0.0.1',
      PACKLINE_OUTBOUND_ALLOW: '10.0.0.0/8, objects.internal:9000',
      PACKLINE_LOCAL_GIT: '1',
    })
    expect(config).toMatchObject({
      registries: { npm: { registry: 'http://mirror/npm' } },
      registryHosts: [
        { host: 'files.example', port: 443 },
        { host: '*.corp.example', port: 8443 },
      ],
      plainHttpHosts: ['git.example', '127.0.0.1'],
      outboundAllow: ['10.0.0.0/8', 'objects.internal:9000'],
      localGit: true,
    })
  })

  test('refuses an address to allow that it can not read', () => {
    const wrong = { ...NEEDED, PACKLINE_OUTBOUND_ALLOW: 'http://objects.internal' }
    expect(() => readConfig(wrong)).toThrow(/PACKLINE_OUTBOUND_ALLOW.*: must be a host/)
  })

  test('does not fail without words where the mirrors are no JSON', () => {
    const broken = { ...NEEDED, PACKLINE_REGISTRIES: '{npm' }
    expect(() => readConfig(broken)).toThrow(/PACKLINE_REGISTRIES: must be JSON/)
    const unknown = { ...NEEDED, PACKLINE_REGISTRIES: '{"cargo":{}}' }
    expect(() => readConfig(unknown)).toThrow(/PACKLINE_REGISTRIES: .*cargo/)
  })
})
