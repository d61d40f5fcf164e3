import { afterAll, describe, expect, test } from 'vitest'
import { MANIFEST, makeExpanding, namesOf, push, TENANT as tenant } from '../test/expanding.ts'

const expanding = await makeExpanding()
const { records, repository, accepted, workedOff, resultOf } = expanding
afterAll(expanding.remove)

describe('a push', () => {
  test('builds what it touched at its commit, before bulk builds, in no batch', async () => {
    const { url, first, commit: add } = await repository('pushed')
    const after = await add({ 'two/index.js': 'pushed' })
    const { id } = await accepted(push(url, 1, { before: first, after }))
    await workedOff(id)
    const result = await resultOf(id)
    expect(result).toMatchObject({ commit: after, untouched: ['one'] })
    const build = await records.get(tenant, result?.builds[0]?.build ?? '')
    expect(build).toMatchObject({ function: 'two', priority: 'interactive' })
    expect(build.batch).toBeUndefined()
  })

  test('of a deleted branch builds nothing', async () => {
    const { url, first } = await repository('deleted')
    const { id } = await accepted(push(url, 1, { before: first, after: '0'.repeat(40) }))
    expect(await workedOff(id)).toBe('done')
    expect(await resultOf(id)).toMatchObject({ builds: [], untouched: [] })
  })

  test('with one wrong entry builds the others and says which', async () => {
    const bad = MANIFEST.replace('handler: index.handler, path: two', 'handler: x, path: two')
    const { url, first } = await repository('partly', bad)
    const { id } = await accepted(push(url, 1, { after: first, created: true }))
    await workedOff(id)
    expect(await resultOf(id)).toMatchObject({
      builds: [{ function: 'one' }],
      refused: [{ function: 'two', code: 'HANDLER_FORM' }],
    })
  })

  test.each([
    ['in order', [1, 2], [['two'], ['one']], []],
    ['the newer one first', [2, 1], [[], ['one', 'two']], ['two']],
  ])(
    '1 touches two, push 2 touches one, worked off %s: both are built',
    async (how, order, built, outrun) => {
      const { url, first, commit: add } = await repository(`both ${how}`)
      const middle = await add({ 'two/index.js': 'first push' })
      const last = await add({ 'one/index.js': 'second push' })
      const ids = new Map<number, string>()
      ids.set(1, (await accepted(push(url, 1, { before: first, after: middle }))).id)
      ids.set(2, (await accepted(push(url, 2, { before: middle, after: last }))).id)
      for (const number of order) await workedOff(ids.get(number) ?? '')
      const [one, two] = await Promise.all([1, 2].map((n) => resultOf(ids.get(n) ?? '')))
      expect([namesOf(one), namesOf(two)]).toEqual(built)
      for (const { build } of [...(one?.builds ?? []), ...(two?.builds ?? [])]) {
        expect((await records.get(tenant, build)).state).toBe('queued')
      }
      expect([one?.outrun, two?.superseded]).toEqual([outrun, []])
    },
  )

  test('that touches the same function supersedes the older one', async () => {
    const { url, first, commit: add } = await repository('same')
    const middle = await add({ 'one/index.js': 'first push' })
    const last = await add({ 'one/index.js': 'second push' })
    const older = await accepted(push(url, 1, { before: first, after: middle }))
    const newer = await accepted(push(url, 2, { before: middle, after: last }))
    await workedOff(older.id)
    await workedOff(newer.id)
    const [build] = (await resultOf(older.id))?.builds ?? []
    expect((await resultOf(newer.id))?.superseded).toEqual([build?.build])
    expect(await records.get(tenant, build?.build ?? '')).toMatchObject({
      state: 'cancelled',
      cancelReason: 'superseded',
    })
  })
})
