import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../../test/harness/temporary-folder.ts'
import { findPlaces } from './find-places.ts'

/** A machine as files: what /proc/self says, and trees of groups with the files of the kernel. */
async function machine(mounts: string[], own: string[], files: Record<string, string> = {}) {
  const root = temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const escaped = root.replaceAll(' ', '\\040')
  const lines = mounts.map((mount, at) => `${at + 30} 23 0:${at} ${mount.replace('ROOT', escaped)}`)
  await writeFile(
    join(root, 'mountinfo'),
    `23 1 0:1 / / rw - ext4 /dev/vda rw\n${lines.join('\n')}\n`,
  )
  await writeFile(join(root, 'cgroup'), `${own.join('\n')}\n`)
  const places = await findPlaces(root)
  const shown = places.map(({ version, folder, controllers }) => {
    return `${version} ${folder.slice(root.length)} ${controllers.join(',')}`
  })
  return { root, shown }
}

const V2 = '/ ROOT/sys rw,nosuid - cgroup2 cgroup2 rw,nsdelegate'
const ALL = 'cpuset cpu io memory pids\n'

describe('the places for control groups, version 1', () => {
  it('are the own group in each tree that has a controller of use', async () => {
    const { shown } = await machine(
      [
        '/ ROOT/cpu rw - cgroup cgroup rw,cpu,cpuacct',
        '/ ROOT/blkio rw - cgroup cgroup rw,blkio',
        '/ ROOT/the\\040memory rw shared:9 - cgroup cgroup rw,memory',
      ],
      ['8:memory:/a/b', '7:cpu,cpuacct:/', '1:name=systemd:/'],
    )
    expect(shown).toEqual(['1 /cpu cpu', '1 /the memory/a/b memory'])
  })

  it('are the mounts of a container, whose path is the machine’s', async () => {
    const mounted = '/docker/12 ROOT/memory rw - cgroup cgroup rw,memory'
    const inside = await machine([mounted], ['8:memory:/docker/12'])
    expect(inside.shown).toEqual(['1 /memory memory'])
    const below = await machine([mounted], ['8:memory:/docker/12/own'])
    expect(below.shown).toEqual(['1 /memory/own memory'])
    const elsewhere = await machine([mounted], ['8:memory:/other'])
    expect(elsewhere.shown).toEqual(['1 /memory memory'])
  })

  it('are none where nothing is mounted or told', async () => {
    expect((await machine([], ['8:memory:/'])).shown).toEqual([])
    expect((await machine(['/ ROOT/m rw - cgroup cgroup rw,memory'], [])).shown).toEqual([])
    expect(await findPlaces('/nowhere')).toEqual([])
  })
})

describe('the places for control groups, version 2', () => {
  it('is the own group, whose controllers are turned on for those below', async () => {
    const { root, shown } = await machine([V2], ['0::/a.service'], {
      'sys/a.service/cgroup.controllers': ALL,
      'sys/a.service/cgroup.subtree_control': '',
      'sys/a.service/cgroup.procs': `${process.pid}\n`,
    })
    expect(shown).toEqual(['2 /sys/a.service memory,pids,cpu'])
    const written = await readFile(join(root, 'sys/a.service/cgroup.subtree_control'), 'utf8')
    expect(written).toBe('+memory +pids +cpu')
  })

  it('is the group above where the own one can not be had', async () => {
    const { shown } = await machine([V2], ['0::/user/session'], {
      'sys/user/cgroup.subtree_control': 'memory pids\n',
      'sys/user/session/cgroup.controllers': 'memory pids\n',
      'sys/user/session/cgroup.procs': '1\n2\n',
    })
    expect(shown).toEqual(['2 /sys/user memory,pids'])
  })

  it('has what version 1 does not hold already', async () => {
    const both = ['/ ROOT/memory rw - cgroup cgroup rw,memory', V2]
    const files = { 'sys/cgroup.controllers': ALL, 'sys/cgroup.subtree_control': '' }
    const { shown } = await machine(both, ['8:memory:/', '0::/'], files)
    expect(shown).toEqual(['1 /memory memory', '2 /sys pids,cpu'])
  })

  it('is none where neither gives a controller', async () => {
    const { shown } = await machine([V2], ['0::/a/b'], {
      'sys/a/cgroup.subtree_control': '\n',
      'sys/a/b/cgroup.controllers': 'hugetlb\n',
      'sys/a/b/cgroup.subtree_control': '',
    })
    expect(shown).toEqual([])
    expect((await machine([V2], ['0::/'], { 'sys/cgroup.controllers': '\n' })).shown).toEqual([])
  })
})
