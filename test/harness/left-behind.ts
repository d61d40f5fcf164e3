import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { storeFromUrl } from '@packline/stores'
import type { TestLine } from './line.ts'

/**
 * What a line holds that a refused request or a failed build may not leave: packages in the store,
 * files of uploads and folders of builds in the scratch. Compare it with what it was before.
 */
export async function leftBehind(line: TestLine): Promise<string[]> {
  const [objects, files] = await Promise.all([packagesOf(line), scratchOf(line)])
  return [...objects, ...files].toSorted()
}

/** Command lines of living processes that hold the text: a marker in what a build runs. */
export function processesWith(marker: string): string[] {
  const { stdout } = spawnSync('ps', ['-ewwo', 'pid=,stat=,args='], { encoding: 'utf8' })
  return stdout.split('\n').filter((row) => row.includes(marker))
}

async function packagesOf({ storeUrl }: TestLine): Promise<string[]> {
  const store = storeFromUrl(storeUrl)
  try {
    const keys: string[] = []
    for (const prefix of ['packages/', 'uploads/', 'inline/']) {
      for await (const { key } of store.list(prefix)) keys.push(key)
    }
    return keys
  } finally {
    await store.close()
  }
}

/** A worker's own folder may stay; what lies in it may not. */
async function scratchOf({ folder }: TestLine): Promise<string[]> {
  const scratch = join(folder, 'scratch')
  const entries = await readdir(scratch, { recursive: true }).catch((): string[] => [])
  return entries.filter((path) => !/^worker-[\d-]+$/.test(path))
}
