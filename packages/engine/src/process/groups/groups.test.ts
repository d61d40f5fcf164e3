import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../../test/harness/temporary-folder.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Place } from './controllers.ts'
import { makeGroups } from './groups.ts'

const LIMITS = { ...DEFAULT_LIMITS, memoryBytesMax: 77, processesMax: 5 }

/** What the kernel puts into the folder of a new group; counters are as of one that is unused. */
const FILES = {
  'memory.max': '',
  'memory.swap.max': '',
  'pids.max': '',
  'cgroup.procs': '',
  'memory.events': 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n',
  'pids.events': 'max 0\n',
}

async function played(more: Record<string, string> = {}) {
  const folder = temporaryFolder()
  const place: Place = { version: 2, folder, controllers: ['memory', 'pids'] }
  const made: string[] = []
  const tree = {
    mkdir: async (group: string) => {
      await mkdir(group)
      made.push(group)
      for (const [name, text] of Object.entries({ ...FILES, ...more })) {
        await writeFile(join(group, name), text)
      }
    },
    rmdir: async (group: string) => {
      await rmdir(group).catch(async (error) => {
        if (error.code !== 'ENOTEMPTY') throw error
        await rm(group, { recursive: true })
      })
    },
  }
  return { folder, place, made, tree, groups: await makeGroups([place], LIMITS, tree) }
}

describe('groups of commands', () => {
  it('are made with their limits and take a process in', async () => {
    const { folder, made, groups } = await played()
    const group = await groups.open()
    await group.add(123)
    const [own = ''] = made
    expect(own).toMatch(new RegExp(`/packline-${process.pid}-[0-9a-f-]{36}$`))
    const texts = await Promise.all(
      ['memory.max', 'memory.swap.max', 'pids.max', 'cgroup.procs'].map((name) =>
        readFile(join(own, name), 'utf8'),
      ),
    )
    expect(texts).toEqual(['77', '0', '5', '123'])
    await group.close()
    expect(await readdir(folder)).toHaveLength(1)
  })

  it('are used again by the next command, but not where a limit was met', async () => {
    const { folder, made, groups } = await played()
    await (await groups.open()).close()
    const [again, beside] = [await groups.open(), await groups.open()]
    expect(made).toHaveLength(2)
    await writeFile(join(made[0] ?? '', 'pids.events'), 'max 1\n')
    await Promise.all([again.close(), beside.close()])
    expect(await readdir(folder)).toEqual([made[1]?.slice(folder.length + 1)])
    await groups.open()
    expect(made).toHaveLength(2)
  })

  it.each([
    ['nothing', {}, undefined],
    ['memory', { 'memory.events': 'oom 2\noom_kill 1\noom_group_kill 0\n' }, 'memory'],
    ['the machine’s memory', { 'memory.events': 'oom 0\noom_kill 1\n' }, 'machine'],
    ['reclaimed memory only', { 'memory.events': 'max 9\noom 0\noom_kill 0\n' }, undefined],
    ['processes', { 'pids.events': 'max 3\n' }, 'processes'],
  ])('tell that what was met is %s', async (_, files, met) => {
    const { groups } = await played(files)
    const group = await groups.open()
    expect(await group.met()).toBe(met)
    await group.close()
  })

  it('are not given where the kernel refuses a limit, and nothing is left', async () => {
    const { folder, groups, tree, place } = await played()
    const without = async (path: string) => {
      await tree.mkdir(path)
      await rm(join(path, 'pids.max'))
    }
    const broken = await makeGroups([place], LIMITS, { ...tree, mkdir: without })
    await expect(broken.open()).rejects.toThrow(/ENOENT.*pids\.max/)
    expect(await readdir(folder)).toEqual([])
    expect([...groups.holds]).toEqual(['memory', 'pids'])
  })

  it('of workers that were killed are removed, those of living ones are not', async () => {
    const { folder, place, tree } = await played()
    const gone = spawn('true')
    await once(gone, 'exit')
    for (const pid of [gone.pid, process.pid]) await mkdir(join(folder, `packline-${pid}-x`))
    await mkdir(join(folder, 'packline-worker'))
    await makeGroups([place], LIMITS, tree)
    expect((await readdir(folder)).toSorted()).toEqual(
      [`packline-${process.pid}-x`, 'packline-worker'].toSorted(),
    )
  })
})
