import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TestInstallation } from './test-installation.ts'

export const DAY_MS = 24 * 60 * 60_000

/** An object of this age. */
export async function storeObject(
  { folder }: TestInstallation,
  key: string,
  ageMs = 2 * DAY_MS,
): Promise<void> {
  const path = join(folder, key)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, key)
  const time = new Date(Date.now() - ageMs)
  await utimes(path, time, time)
}

/** All but what keeps builds and what else lasts. */
export async function storedKeys({ folder }: TestInstallation): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const keys = paths.map((path) => path.slice(folder.length + 1))
  return keys.filter((key) => !/^(builds|lasting)\//.test(key)).sort()
}

/** As if a day were over since sources were claimed. */
export async function aDayLater({ redis, keys }: TestInstallation): Promise<void> {
  await redis.del(keys.claims, keys.objectsSwept)
}
