import { describe, expect, it } from 'vitest'
import type { ToolCommand } from './command.ts'
import { fenced } from './fenced.ts'
import type { Fence } from './isolation.ts'
import { DEFAULT_LIMITS } from './limits.ts'

const fence: Fence = {
  form: 'mounts-first',
  bwrap: '/usr/bin/bwrap',
  prlimit: '/usr/bin/prlimit',
  setpriv: '/usr/bin/setpriv',
  node: '/opt/node',
  disableUserns: true,
  systemArguments: ['SYSTEM'],
  offlineArguments: ['OFFLINE'],
  limits: { ...DEFAULT_LIMITS, openFilesMax: 100 },
  held: new Set(),
  countsInside: true,
  filter: new Uint8Array(8),
  signalOptions: ['--default-signal=PIPE'],
}
const command: ToolCommand = {
  argv: ['node', '-e', '--chdir'],
  cwd: '/build',
  env: { A: '1', LD_PRELOAD: 'x.so' },
  network: 'none',
  binds: [
    { from: '/scratch/1', to: '/build', writable: true },
    { from: '/root/tools/python', to: '/root/tools/python' },
    { from: '/home/file', to: '/build/home/.npmrc' },
    { from: '/usr/lib/jvm/x', to: '/usr/lib/jvm/x' },
  ],
}

/** What stands between a word and the next option. */
function after(words: readonly string[], word: string, count: number): readonly string[] {
  const index = words.indexOf(word)
  return index < 0 ? [] : words.slice(index + 1, index + 1 + count)
}

describe('fenced', () => {
  it('drops root inside, after the mounts, and keeps loader variables from setpriv', () => {
    const { file, args, env, uid, isFenced } = fenced(command, fence, 61_003)
    expect(file).toBe('/usr/bin/prlimit')
    expect(args.slice(0, 6)).toEqual([
      '--core=0',
      '--fsize=4294967296',
      '--nofile=100',
      '--nproc=2048',
      '--data=4294967296',
      '/usr/bin/bwrap',
    ])
    expect(args.slice(args.indexOf('--chdir'))).toEqual([
      '--chdir',
      '/build',
      '/usr/bin/setpriv',
      '--reuid=61003',
      '--regid=61003',
      '--clear-groups',
      '--no-new-privs',
      '--inh-caps=-all',
      '--bounding-set=-all',
      '--',
      '/usr/bin/env',
      '--',
      'LD_PRELOAD=x.so',
      ...command.argv,
    ])
    expect([env, uid, isFenced]).toEqual([{ A: '1' }, undefined, true])
    expect(args).not.toContain('--unshare-user')
  })

  it('drops root before bubblewrap where root may not mount', () => {
    const { args, uid } = fenced(command, { ...fence, form: 'user-first' }, 61_003)
    expect(uid).toBe(61_003)
    expect(args).toEqual(expect.arrayContaining(['--unshare-user', '--disable-userns']))
    expect(after(args, '--setenv', 2)).toEqual(['LD_PRELOAD', 'x.so'])
    expect(args.slice(-3)).toEqual(command.argv)
    expect(args).not.toContain('--cap-add')
  })

  it('counts the processes of an ordinary user inside, where its others do not count', () => {
    const ordinary = { ...fence, form: 'own-user' } as const
    const { args, uid } = fenced(command, ordinary, undefined)
    expect(uid).toBeUndefined()
    expect(args.slice(0, args.indexOf('/usr/bin/bwrap'))).not.toContain('--nproc=2048')
    expect(args.slice(args.indexOf('/usr/bin/prlimit'))).toEqual([
      '/usr/bin/prlimit',
      '--nproc=2048',
      '--',
      '/usr/bin/env',
      '--',
      'LD_PRELOAD=x.so',
      ...command.argv,
    ])
    const older = fenced(command, { ...ordinary, countsInside: false }, undefined).args
    expect(older.filter((word) => word.startsWith('--nproc'))).toEqual([])
    const without = { ...ordinary, prlimit: undefined, disableUserns: false }
    expect(fenced(command, without, undefined).file).toBe('/usr/bin/bwrap')
    expect(fenced(command, without, undefined).args).not.toContain('--disable-userns')
  })

  it('leaves to control groups what they hold, and waits to be put into one', () => {
    const memory = fenced(command, { ...fence, held: new Set(['memory'] as const) }, 61_003)
    expect(memory.gated).toBe(true)
    expect(memory.args.slice(0, 7)).toEqual([
      '--core=0',
      '--fsize=4294967296',
      '--nofile=100',
      '--nproc=2048',
      '/usr/bin/bwrap',
      '--args',
      '5',
    ])
    const held = new Set(['memory', 'pids', 'cpu'] as const)
    for (const uid of [61_003, undefined]) {
      const { args } = fenced(command, { ...fence, held }, uid)
      expect(args.filter((word) => /^--(nproc|data)/.test(word))).toEqual([])
    }
    expect(fenced(command, fence, 61_003).gated).toBe(false)
  })

  it.each(['none', 'registries', 'source-host'] as const)('has no network with %s', (network) => {
    const launch = fenced({ ...command, network }, fence, 1)
    expect(launch.args).toEqual(expect.arrayContaining(['--unshare-net', 'OFFLINE']))
    expect(launch.door?.network).toBe(network === 'none' ? undefined : network)
  })

  it('opens the ports of what the operator has on loopback, where its server is found', () => {
    const reach = [
      { host: '127.0.0.1', port: 4873, isTrusted: true },
      { host: 'localhost', port: 8081, isTrusted: true },
      { host: '127.0.0.1', port: 6379 },
      { host: '127.0.0.1', port: 443, isTrusted: true },
      { host: 'registry.example', port: 443, isTrusted: true },
    ]
    const { args, env } = fenced({ ...command, network: 'registries', reach }, fence, 1)
    expect(env).toMatchObject({ no_proxy: '127.0.0.1,localhost', NO_PROXY: '127.0.0.1,localhost' })
    expect(args[args.lastIndexOf('/packline/open-door.cjs') + 1]).toBe('3128,4873,8081')
  })

  it('has a door to those that it may reach, before the command and after root is dropped', () => {
    const reach = [{ host: 'git.example', port: 443 }]
    const env = { A: '1', NODE_OPTIONS: '-r x', HTTPS_PROXY: 'http://me:pass@proxy', no_proxy: '*' }
    const online = { ...command, env, network: 'source-host', reach } as const
    for (const form of ['mounts-first', 'user-first'] as const) {
      const launch = fenced(online, { ...fence, form }, 61_003)
      expect(launch.args).toEqual(expect.arrayContaining(['--unshare-net', 'OFFLINE']))
      expect(after(launch.args, '/opt/node', 1)).toEqual(['/packline/node'])
      expect(launch.args.slice(-12)).toEqual([
        form === 'mounts-first' ? '--' : '/build',
        '/packline/node',
        '--disable-warning=ExperimentalWarning',
        '/packline/open-door.cjs',
        '3128',
        '/usr/bin/env',
        '--default-signal=PIPE',
        '--',
        'NODE_OPTIONS=-r x',
        ...command.argv,
      ])
      const door = 'http://127.0.0.1:3128'
      const proxies = { http_proxy: door, https_proxy: door, HTTP_PROXY: door, HTTPS_PROXY: door }
      expect(launch.env).toEqual({ A: '1', ...proxies })
      expect(launch.door).toEqual({ network: 'source-host', reach, env })
    }
    expect(fenced(command, fence, 1).door).toBeUndefined()
  })

  it('makes parents of binds that all may enter, and nothing inside other binds', () => {
    const { args } = fenced(command, fence, 1)
    const made = args.flatMap((word, index) => (word === '--dir' ? [args[index + 1]] : []))
    expect(made).toEqual(['/root', '/root/tools'])
  })

  it('binds read-only by default and leaves out what /usr shows already', () => {
    const { args } = fenced(command, fence, 1)
    const from = args.indexOf('--bind')
    expect(args.slice(from, args.indexOf('--remount-ro'))).toEqual([
      ...['--bind', '/scratch/1', '/build'],
      ...['--ro-bind', '/root/tools/python', '/root/tools/python'],
      ...['--ro-bind', '/home/file', '/build/home/.npmrc'],
    ])
  })

  it('bounds one file by the whole disk that a build may take', () => {
    const small = { ...fence, limits: { ...fence.limits, diskBytesMax: 1_000_000 } }
    expect(fenced(command, small, 1).args).toContain('--fsize=1000000')
  })

  it('closes / and /dev after all mounts were made', () => {
    const { args } = fenced({ ...command, tmpBytesMax: 77 }, fence, 1)
    expect(args.lastIndexOf('--remount-ro')).toBeGreaterThan(args.lastIndexOf('--ro-bind'))
    expect(args.lastIndexOf('--remount-ro')).toBeGreaterThan(args.lastIndexOf('--tmpfs'))
    expect(args.slice(args.indexOf('--size'), args.indexOf('--tmpfs') + 2)).toEqual([
      '--size',
      '77',
      '--tmpfs',
      '/tmp',
    ])
  })
})
