import type { DependencyRevision } from '@packline/shared'
import { failed } from '@packline/shared'
import { expect, test } from 'vitest'
import { pinning } from './pinning.ts'

const stored = {
  key: 'k',
  address: 's3://b/k',
  format: 'zip',
  size: 7,
  sha256: 'ab',
  entries: 1,
  unpackedSize: 9,
} as const

/** Records that know one package with revisions 1 to 3, and say how often they were asked. */
function recordsOf(runtime: DependencyRevision['runtime']) {
  const asked: string[] = []
  const revision = async (tenant: string, name: string, number = 3) => {
    asked.push(`${tenant} ${name} ${number}`)
    if (name !== 'libs') {
      const detail = { en: `There is no ${name}`, zh: `没有 ${name}` }
      throw failed('NOT_FOUND', { detail })
    }
    const made = { createdAt: '2026-11-26T00:00:00.000Z', build: 'b1', package: stored }
    const target = { runtime, version: '20', architecture: 'x86_64' } as const
    return { name, revision: number, ...target, ...made }
  }
  return { asked, revision }
}

test('each is asked for once, however many builds name it, and the newest is one for all', async () => {
  const records = recordsOf('nodejs')
  const pinned = pinning('acme', records)
  const pin = { name: 'libs', sha256: 'ab', size: 7 }
  expect(await pinned(['libs'], 'nodejs')).toEqual([{ ...pin, revision: 3 }])
  expect(await pinned(['libs'], 'nodejs')).toEqual([{ ...pin, revision: 3 }])
  expect(await pinned(['libs@2'], 'nodejs')).toEqual([{ ...pin, revision: 2 }])
  expect(await pinned([], 'nodejs')).toEqual([])
  expect(records.asked).toEqual(['acme libs 3', 'acme libs 2'])
})

test('what is not there, and what is for another runtime, is refused by name', async () => {
  const pinned = pinning('acme', recordsOf('python'))
  await expect(pinned(['none'], 'python')).rejects.toMatchObject({
    code: 'DEPENDENCY_PACKAGE_NOT_FOUND',
    at: 'dependencies',
    zh: { detail: '没有 none' },
  })
  await expect(pinned(['libs@1'], 'nodejs')).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    message: 'libs@1 is made for Python; the function is Node.js',
    at: 'dependencies',
  })
})
