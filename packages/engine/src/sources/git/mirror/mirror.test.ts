import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../../../test/harness/temporary-folder.ts'
import type { BuildContext } from '../../../context.ts'
import { remoteOf } from '../remote.ts'
import { keptName } from './kept-name.ts'
import { makeRoom, removeMirror } from './make-room.ts'
import { findMirror } from './mirror.ts'
import { mirrorPrefix } from './mirror-places.ts'

const ALLOWED = { allowLocalGit: true, plainHttpHosts: [] }
const LONG_AGO = new Date('2026-01-01')

const remoteAt = (address: string) => remoteOf(address, ALLOWED)
const commitAt = (at: number) => String(at).padStart(40, '0')

function surroundings(given: Partial<BuildContext> = {}): BuildContext {
  const own = { cacheFolder: temporaryFolder(), tenant: 'a', mirrorsBytesMax: 1000 }
  return { ...own, ...given } as BuildContext
}

/** A mirror of that many commits of 100 bytes each, used on that day of the year. */
function mirror(context: BuildContext, name: string, commits: number, day = 1): string {
  const folder = join(context.cacheFolder, context.tenant, 'git', name)
  for (let at = 0; at < commits; at++) {
    const packs = join(folder, commitAt(at), 'pack')
    mkdirSync(packs, { recursive: true })
    writeFileSync(join(packs, 'pack-1.pack'), Buffer.alloc(100))
  }
  mkdirSync(folder, { recursive: true })
  const used = new Date(LONG_AGO.getTime() + day * 86_400_000)
  utimesSync(folder, used, used)
  return folder
}

const ADDRESS = 'https://host.example/a.git'

function nameAt(address: string, end: string): string {
  const remote = remoteAt(address)
  return remote.kind === 'host' ? `${mirrorPrefix(remote)}${end}` : ''
}

test('a mirror is found by its address, with its commits, and is marked as used', async () => {
  const context = surroundings()
  const folder = mirror(context, nameAt(ADDRESS, 'x'), 2)
  mkdirSync(join(folder, 'new.half'))
  const found = await findMirror(remoteAt(ADDRESS), context)
  expect(found).toMatchObject({ folder })
  expect([...(found?.commits ?? [])].sort()).toEqual([commitAt(0), commitAt(1)])
  expect(statSync(folder).mtimeMs).toBeGreaterThan(Date.now() - 60_000)
})

test('none is found for another address, another tenant, a folder, or where none is kept', async () => {
  const context = surroundings()
  mirror(context, nameAt(ADDRESS, 'x'), 2)
  expect(await findMirror(remoteAt('https://host.example/b.git'), context)).toBeUndefined()
  expect(await findMirror(remoteAt('/srv/a.git'), context)).toBeUndefined()
  expect(await findMirror(remoteAt(ADDRESS), { ...context, tenant: 'b' })).toBeUndefined()
  expect(await findMirror(remoteAt(ADDRESS), { ...context, mirrorsBytesMax: 0 })).toBeUndefined()
})

test('one that is empty or full is passed over, and of two all take the same', async () => {
  const context = surroundings()
  mirror(context, nameAt(ADDRESS, 'a'), 0)
  mirror(context, nameAt(ADDRESS, 'b'), 32)
  expect(await findMirror(remoteAt(ADDRESS), context)).toBeUndefined()
  const folder = mirror(context, nameAt(ADDRESS, 'c'), 31)
  mirror(context, nameAt(ADDRESS, 'd'), 1)
  expect(await findMirror(remoteAt(ADDRESS), context)).toMatchObject({ folder })
})

test('parts of commits are told to who takes parts, and fill a mirror, too', async () => {
  const context = surroundings()
  const folder = mirror(context, nameAt(ADDRESS, 'x'), 1)
  const add = (name: string) => mkdirSync(join(folder, name))
  const parts = ['a', 'b'].map((path) => keptName(commitAt(7), path))
  parts.forEach(add)
  const found = await findMirror(remoteAt(ADDRESS), context, true)
  expect(found?.kept.toSorted()).toEqual([commitAt(0), ...parts].toSorted())
  expect(found?.commits.toSorted()).toEqual([commitAt(0), commitAt(7)])
  const whole = await findMirror(remoteAt(ADDRESS), context)
  expect(whole).toEqual({ folder, kept: [commitAt(0)], commits: [commitAt(0)] })
  for (let at = 3; at < 127; at++) add(keptName(commitAt(7), `c${at}`))
  expect(await findMirror(remoteAt(ADDRESS), context, true)).toMatchObject({ folder })
  add(keptName(commitAt(7), 'last'))
  expect(await findMirror(remoteAt(ADDRESS), context, true)).toBeUndefined()
})

test('room is made by what was not used for longest, whosever it is', async () => {
  const context = surroundings({ mirrorsBytesMax: 500 })
  const other = { ...context, tenant: 'b' }
  mirror(context, 'x.newest', 2, 9)
  mirror(context, 'x.old', 1, 2)
  mirror(other, 'x.oldest', 3, 1)
  mirror(other, 'new.unfinished', 1, 3)
  const tools = join(context.cacheFolder, 'a', '61000')
  mkdirSync(tools)
  writeFileSync(join(tools, 'large'), Buffer.alloc(2000))
  await makeRoom(context, 100)
  const kept = ['a', 'b'].flatMap((tenant) => readdirSync(join(context.cacheFolder, tenant, 'git')))
  expect(kept.sort()).toEqual(['new.unfinished', 'x.newest', 'x.old'])
  expect(readdirSync(tools)).toEqual(['large'])
  await makeRoom({ ...context, mirrorsBytesMax: 100 }, 100)
  expect(readdirSync(join(context.cacheFolder, 'a', 'git'))).toEqual([])
})

test('they are measured only where what was added may be too much, or nobody has for an hour', async () => {
  const context = surroundings({ mirrorsBytesMax: 1000 })
  const ledger = () => readFileSync(join(context.cacheFolder, '.mirrors-bytes'), 'utf8')
  mirror(context, 'x.one', 2, 9)
  await makeRoom(context, 200)
  expect(ledger()).toMatch(/^measured \d+ 200\n$/)
  // Larger than what is said of them, as after a worker that was killed: nobody looks.
  mirror(context, 'x.two', 9, 1)
  await makeRoom(context, 300)
  expect(ledger()).toMatch(/^measured \d+ 200\n300\n$/)
  const names = () => readdirSync(join(context.cacheFolder, 'a', 'git')).sort()
  expect(names()).toEqual(['x.one', 'x.two'])
  await makeRoom(context, 600)
  expect(names()).toEqual(['x.one'])
  expect(ledger()).toMatch(/^measured \d+ 200\n$/)
  mirror(context, 'x.three', 9, 1)
  writeFileSync(
    join(context.cacheFolder, '.mirrors-bytes'),
    `measured ${Date.now() - 3700_000} 1\n`,
  )
  await makeRoom(context, 1)
  expect(names()).toEqual(['x.one'])
})

test('a mirror that another worker has removed is no fault', async () => {
  const context = surroundings()
  const folder = mirror(context, 'x.gone', 1)
  await Promise.all([removeMirror(folder), removeMirror(folder)])
  expect(readdirSync(join(context.cacheFolder, 'a', 'git'))).toEqual([])
})
