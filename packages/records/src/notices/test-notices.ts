import type { StatusTarget } from '@packline/shared'
import type { NewBuild } from '../build-record.ts'
import { newBuild, newRequest, SUCCEEDED, type TestInstallation } from '../test-installation.ts'
import type { DueNotice } from './notices.ts'

/** A Standard Webhooks secret that is looked for where it must not be. */
export const CANARY = `whsec_${Buffer.from('canary-canary-canary-canary!').toString('base64')}`

export const CALLBACK_URL = 'https://hooks.example/packline'

export const TARGET: StatusTarget = {
  hook: 'hook-1',
  provider: 'github',
  repository: 'https://github.com/acme/functions.git',
  commit: 'c'.repeat(40),
}

export function buildWithCallback(name = 'hello', more: Partial<NewBuild> = {}): NewBuild {
  const request = { ...newRequest(name), callback: { url: CALLBACK_URL } }
  return newBuild(name, { request, callbackSecret: CANARY, ...more })
}

/** Accepts one build and answers its id. */
export async function accepted({ records }: TestInstallation, build: NewBuild): Promise<string> {
  const { ids } = await records.accept([build], { tenant: 'acme' })
  return ids[0] ?? ''
}

export async function ended({ records }: TestInstallation, id: string): Promise<void> {
  const beginning = await records.begin(id, 'w1')
  if (!beginning.begun) throw new Error(`${id} was not begun: ${beginning.because}`)
  await records.finish(id, beginning.attempt, SUCCEEDED)
}

/** What is to be told now; fails where nothing is. */
export async function dueOf({ records }: TestInstallation, notice: string): Promise<DueNotice> {
  const beginning = await records.notices.begin(notice)
  if (beginning.what === 'due') return beginning.notice
  throw new Error(`${notice}: ${beginning.what}`)
}

/** Every value of every key of the installation, as text. */
export async function everythingIn({
  redis,
  prefix,
}: Pick<TestInstallation, 'redis' | 'prefix'>): Promise<string> {
  const texts: string[] = []
  for await (const some of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
    for (const key of some as string[]) texts.push(key, JSON.stringify(await contentOf(redis, key)))
  }
  return texts.join('\n')
}

async function contentOf(redis: TestInstallation['redis'], key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, 0, '-1')
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      return redis.get(key)
  }
}
