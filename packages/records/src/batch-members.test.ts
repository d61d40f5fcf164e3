import { afterAll, expect, test } from 'vitest'
import { makeTestInstallation, newBuild, SUCCEEDED } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records } = installation
afterAll(installation.remove)

test('the builds of a batch come in the order asked, however many, with their states', async () => {
  const builds = Array.from({ length: 450 }, (_, n) => newBuild(`of-${n}`))
  const { ids, batch = '' } = await records.accept(builds, { tenant: 'acme', batch: {} })
  await records.begin(ids[0] ?? '', 'w1')
  await records.finish(ids[0] ?? '', 1, SUCCEEDED)
  const members = await Array.fromAsync(records.batchMembers('acme', batch))
  expect(members.map(({ id }) => id)).toEqual(ids)
  expect(members[0]).toMatchObject({ state: 'succeeded', package: { size: 180 } })
  expect(members[449]).toMatchObject({ state: 'queued', function: 'of-449' })
  expect(members[449]).not.toHaveProperty('request')
})

test("another tenant's batch has no builds to show: it is not there", async () => {
  const { batch = '' } = await records.accept([newBuild()], { tenant: 'acme', batch: {} })
  await expect(Array.fromAsync(records.batchMembers('other', batch))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})
