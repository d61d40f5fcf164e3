import { describe, expect, it } from 'vitest'
import type { ToolCommand } from './command.ts'
import { fenced } from './fenced.ts'
import type { Fence } from './isolation.ts'

const fence: Fence = {
  form: 'mounts-first',
  bwrap: '/usr/bin/bwrap',
  prlimit: '/usr/bin/prlimit',
  setpriv: '/usr/bin/setpriv',
  node: '/opt/node',
  disableUserns: true,
  systemArguments: ['SYSTEM'],
  offlineArguments: ['OFFLINE'],
  onlineArguments: ['ONLINE'],
  openFilesMax: 100,
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
    expect(args.slice(0, 5)).toEqual([
      '--core=0',
      '--fsize=4294967296',
      '--nofile=100',
      '--nproc=2048',
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

  it('sets no limit of processes for an ordinary user, whose others would count', () => {
    const { args, uid } = fenced(command, { ...fence, form: 'own-user' }, undefined)
    expect(uid).toBeUndefined()
    expect(args.filter((word) => word.startsWith('--nproc'))).toEqual([])
    const without = {
      ...fence,
      form: 'own-user' as const,
      prlimit: undefined,
      disableUserns: false,
    }
    expect(fenced(command, without, undefined).file).toBe('/usr/bin/bwrap')
    expect(fenced(command, without, undefined).args).not.toContain('--disable-userns')
  })

  it('has a network only for stages that say so', () => {
    const offline = fenced(command, fence, 1).args
    expect(offline).toEqual(expect.arrayContaining(['--unshare-net', 'OFFLINE']))
    expect(offline).not.toContain('ONLINE')
    const online = fenced({ ...command, network: 'registries' }, fence, 1).args
    expect(online).toContain('ONLINE')
    expect(online).not.toContain('--unshare-net')
    expect(online).not.toContain('OFFLINE')
  })

  it('has a door to the source host only, before the command and after root is dropped', () => {
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
      expect(launch.door).toEqual({ reach, env })
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
