import { rename } from 'node:fs/promises'
import { type DeliveryExpansion, NO_COMMIT } from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import { makeExpanding, push, TENANT as tenant } from '../test/expanding.ts'

const expanding = await makeExpanding()
const { records, repository, accepted, workedOff, resultOf } = expanding
afterAll(expanding.remove)

type Range = Partial<DeliveryExpansion>

/** A repository whose pushes are told in the order in which they are received. */
async function hooked(name: string) {
  const made = await repository(name)
  const { url } = made
  let number = 0
  const received = async (range: Range) => (await accepted(push(url, ++number, range))).id
  const built = async (id: string) => {
    await workedOff(id)
    const result = await resultOf(id)
    return { ...result, names: result?.builds.map((one) => one.function).toSorted() }
  }
  /** While its host is away. */
  const missed = async (range: Range) => {
    const id = await received(range)
    await rename(url, `${url}-away`)
    expect(await workedOff(id)).toBe('failed')
    await rename(`${url}-away`, url)
    return id
  }
  return { ...made, received, built, missed }
}

describe('a push whose repository could not be read', () => {
  test('is caught up on by the next one of its branch, and by no later one', async () => {
    const { first, commit, missed, received, built } = await hooked('caught up')
    const second = await commit({ 'two/index.js': 'missed' })
    await missed({ before: first, after: second })
    const third = await commit({ 'one/index.js': 'read' })
    const next = await built(await received({ before: second, after: third }))
    expect(next).toMatchObject({ names: ['one', 'two'], commit: third, untouched: [] })
    expect(next.warnings).toEqual([expect.stringContaining(`since the commit ${first} counts`)])
    expect(next.zh?.warnings).toEqual([expect.stringContaining(`自提交 ${first} 以来`)])
    const fourth = await commit({ 'one/index.js': 'later' })
    const later = await built(await received({ before: third, after: fourth }))
    expect(later).toMatchObject({ names: ['one'], untouched: ['two'], warnings: [] })
  })

  test('is caught up on where what it did was taken back, or is another by now', async () => {
    const { first, commit, missed, received, built } = await hooked('taken back')
    const second = await commit({ 'one/index.js': 'missed', 'two/index.js': 'missed' })
    await missed({ before: first, after: second })
    const third = await commit({ 'one/index.js': '1', 'two/index.js': 'other' })
    const next = await built(await received({ before: second, after: third }))
    expect(next.names).toEqual(['one', 'two'])
  })

  test('is caught up on once, where the worker dies after it took the builds in', async () => {
    const { first, commit, missed, received, built } = await hooked('dies')
    const second = await commit({ 'two/index.js': 'missed' })
    await missed({ before: first, after: second })
    const next = await received({ before: second, after: await commit({ 'one/index.js': 'next' }) })
    const finish = () => Promise.reject(new Error('killed'))
    const dying = { ...records, expansions: { ...records.expansions, finish } }
    await expect(workedOff(next, dying)).rejects.toThrow('killed')
    const { items } = await records.list(tenant, { state: 'queued' })
    const again = await built(next)
    expect(again).toMatchObject({ names: ['one', 'two'], superseded: [] })
    expect((await records.list(tenant, { state: 'queued' })).items).toEqual(items)
  })

  test('of a new branch, is caught up on with all its functions', async () => {
    const { first, commit, missed, received, built } = await hooked('new branch')
    await missed({ before: NO_COMMIT, after: first, created: true })
    const second = await commit({ 'one/index.js': 'next' })
    const next = await built(await received({ before: first, after: second }))
    expect(next.names).toEqual(['one', 'two'])
    expect(next.warnings).toEqual([expect.stringContaining('since the branch began counts')])
  })

  test('is caught up on by a force push, by what it replaced, too', async () => {
    const { first, commit, git, missed, received, built } = await hooked('forced')
    const second = await commit({ 'two/index.js': 'missed, and then lost' })
    await missed({ before: first, after: second })
    git('reset', '-q', '--hard', first)
    const forced = await commit({ 'readme.txt': 'of no function' })
    const next = await built(await received({ before: second, after: forced, forced: true }))
    expect(next.names).toEqual(['two'])
  })

  test('after a commit that can not be had any more, is caught up on with everything', async () => {
    const { first, commit, missed, received, built } = await hooked('gone')
    const gone = 'd'.repeat(40)
    await missed({ before: gone, after: first })
    const second = await commit({ 'one/index.js': 'next' })
    const next = await built(await received({ before: first, after: second }))
    expect(next.names).toEqual(['one', 'two'])
    expect(next.warnings?.[0]).toContain(`${gone} is not there any more`)
  })

  test('of a branch that was deleted and made anew, is that branch’s no more', async () => {
    const { first, commit, missed, received, built } = await hooked('made anew')
    const second = await commit({ 'two/index.js': 'missed' })
    await missed({ before: first, after: second })
    expect((await built(await received({ before: second, after: NO_COMMIT }))).names).toEqual([])
    const all = await built(await received({ before: NO_COMMIT, after: second, created: true }))
    expect(all).toMatchObject({ names: ['one', 'two'], warnings: [] })
    const third = await commit({ 'one/index.js': 'later' })
    expect((await built(await received({ before: second, after: third }))).names).toEqual(['one'])
  })
})

describe('an older push', () => {
  test('builds nothing that one has built which caught up on it, worked off later', async () => {
    const { first, commit, received, built } = await hooked('older')
    const second = await commit({ 'two/index.js': 'first push' })
    const third = await commit({ 'one/index.js': 'second push' })
    const older = await received({ before: first, after: second })
    const newer = await built(await received({ before: second, after: third }))
    expect(newer.names).toEqual(['one', 'two'])
    expect(await built(older)).toMatchObject({ names: [], outrun: ['two'], behind: true })
    const fourth = await commit({ 'two/index.js': 'third push' })
    expect((await built(await received({ before: third, after: fourth }))).names).toEqual(['two'])
  })

  test('does not bring back what a missed one took back', async () => {
    const { first, commit, missed, received, built } = await hooked('brought back')
    const second = await commit({ 'one/index.js': 'for a while' })
    const older = await received({ before: first, after: second })
    const third = await commit({ 'one/index.js': '1' })
    await missed({ before: second, after: third })
    const fourth = await commit({ 'two/index.js': 'last' })
    expect((await built(await received({ before: third, after: fourth }))).names).toEqual(['two'])
    expect(await built(older)).toMatchObject({ names: [], outrun: ['one'] })
  })

  test('received after the newer one builds what the branch still has as it does', async () => {
    const { first, commit, received, built } = await hooked('late')
    const second = await commit({ 'one/index.js': 'older', 'two/index.js': 'older' })
    const third = await commit({ 'one/index.js': 'newer' })
    const newer = await built(await received({ before: second, after: third }))
    expect(newer.names).toEqual(['one'])
    const older = await built(await received({ before: first, after: second }))
    expect(older).toMatchObject({ names: ['two'], outrun: ['one'], superseded: [] })
    expect(await records.get(tenant, newer.builds?.[0]?.build ?? '')).toMatchObject({
      state: 'queued',
    })
    const fourth = await commit({ 'readme.txt': 'of no function' })
    expect((await built(await received({ before: third, after: fourth }))).names).toEqual([])
  })
})

describe('a push that catches up on one that another worker reads just now', () => {
  test('is begun again where that is done first, and leaves it its builds', async () => {
    const { first, commit, received, built } = await hooked('meanwhile')
    const second = await commit({ 'two/index.js': 'older' })
    const third = await commit({ 'one/index.js': 'newer' })
    const older = await received({ before: first, after: second })
    const newer = await received({ before: second, after: third })
    const { build } = records.expansions
    const slow = {
      ...records,
      expansions: {
        ...records.expansions,
        build: async (...asked: Parameters<typeof build>) => {
          await workedOff(older)
          return build(...asked)
        },
      },
    }
    expect(await workedOff(newer, slow)).toBe('handed back')
    expect(await built(newer)).toMatchObject({ names: ['one'], superseded: [], warnings: [] })
    expect((await resultOf(older))?.builds).toMatchObject([{ function: 'two' }])
  })
})
