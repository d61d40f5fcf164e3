import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { newBuild, newWorker, SUCCEEDED } from '../../../packages/records/src/test-installation.ts'
import { keepHouse } from './housekeeping.ts'
import { makeWorkerInstallation } from './test/installation.ts'

const all = await makeWorkerInstallation()
const scratch = await mkdtemp(join(tmpdir(), 'packline-house-'))
afterAll(async () => {
  await all.remove()
  await rm(scratch, { recursive: true })
})

test('a worker says that it lives, stops what is stale, archives and cleans up', async () => {
  const { records, logger } = all
  const { ids } = await records.accept([newBuild(), newBuild()], { tenant: 'acme' })
  const [stale = '', ended = ''] = ids
  for (const id of ids) await records.begin(id, 'w1')
  await records.begin(stale, 'w2')
  await records.finish(ended, 1, SUCCEEDED)
  await mkdir(join(scratch, 'worker-999999999-1'))
  const aliveFile = join(scratch, 'alive')
  const stopped = new Set<string>()
  const close = keepHouse({
    records,
    consumers: {
      running: () => ids.map((id) => ({ id, attempt: 1 })),
      stop: (id, reason) => stopped.add(`${id} ${reason}`),
    },
    view: () => newWorker('w1'),
    scratch,
    aliveFile,
    logger,
  })
  await expect
    .poll(() => [...stopped].toSorted())
    .toEqual(ids.map((id) => `${id} ended`).toSorted())
  expect((await records.listWorkers()).map(({ id }) => id)).toEqual(['w1'])
  await expect.poll(() => all.redis.hget(all.keys.build(ended), 'archivedIn')).toBeTruthy()
  await expect.poll(() => readdir(scratch)).toEqual(['alive'])
  const { mtimeMs } = await stat(aliveFile)
  await expect
    .poll(async () => (await stat(aliveFile)).mtimeMs, { timeout: 5000 })
    .not.toBe(mtimeMs)
  close()
  expect(all.logged).toEqual([])
})
