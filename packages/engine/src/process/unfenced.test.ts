import { describe, expect, it } from 'vitest'
import type { ToolCommand } from './command.ts'
import { unfenced } from './unfenced.ts'

const command: ToolCommand = {
  argv: ['tool'],
  cwd: '/build/source',
  env: {},
  network: 'none',
  binds: [
    { from: '/work place/b(1)', to: '/build', writable: true },
    { from: '/caches/x', to: '/cache', writable: true },
    { from: '/code/dir', to: '/opt/function/code' },
    { from: '/elsewhere', to: '/build/home' },
  ],
}

function translated(...argv: string[]): readonly string[] {
  return unfenced({ ...command, argv: ['tool', ...argv] }).args
}

describe('unfenced', () => {
  it('runs the tool itself, in the real folder', () => {
    const { file, cwd, isFenced, uid } = unfenced({ ...command, argv: ['/build/bin/run', 'x'] })
    expect([file, cwd]).toEqual(['/work place/b(1)/bin/run', '/work place/b(1)/source'])
    expect([isFenced, uid]).toEqual([false, undefined])
  })

  it('translates paths at the start and after "=", ":" and ","', () => {
    expect(
      translated('/build/a', '--out=/build/o', '/cache', '-cp', '/build/a.jar:/cache/b.jar'),
    ).toEqual([
      '/work place/b(1)/a',
      '--out=/work place/b(1)/o',
      '/caches/x',
      '-cp',
      '/work place/b(1)/a.jar:/caches/x/b.jar',
    ])
    expect(translated('x,/opt/function/code/y,/cache')).toEqual(['x,/code/dir/y,/caches/x'])
  })

  it('takes the longest target', () => {
    expect(translated('/build/home/.npmrc', '/build/homes')).toEqual([
      '/elsewhere/.npmrc',
      '/work place/b(1)/homes',
    ])
  })

  it('leaves what only looks alike', () => {
    const same = ['/builder/x', 'a/build/x', '-I/build', '/opt/function/codes', '/usr/build', '/']
    expect(translated(...same)).toEqual(same)
  })

  it('translates the values of the environment and adds nothing but its marker', () => {
    const env = { PATH: '/build/bin:/usr/bin', HOME: '/build/home', '/build': 'x' }
    const { env: found, marker = '' } = unfenced({ ...command, env })
    expect(found).toEqual({
      PATH: '/work place/b(1)/bin:/usr/bin',
      HOME: '/elsewhere',
      '/build': 'x',
      PACKLINE_COMMAND: marker.split('=')[1],
    })
    expect(marker).toMatch(/^PACKLINE_COMMAND=[0-9a-f-]{36}$/)
    expect(unfenced(command).marker).not.toBe(marker)
  })
})
