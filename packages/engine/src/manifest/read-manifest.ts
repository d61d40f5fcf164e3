import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { failed, LIMITS, type Manifest } from '@packline/shared'
import { BUILD } from '../package.ts'
import { type GitWork, mustGit } from '../sources/git/run-git.ts'
import { manifestFailures } from '../texts/failures/manifest.ts'
import { parseManifest } from './parse-manifest.ts'
import { entriesAt } from './trees.ts'

const FOLDER = 'manifests'

/** The manifest of a commit that was fetched; undefined where it has none at this path. */
export async function readManifest(
  work: GitWork,
  commit: string,
  path: string,
): Promise<Manifest | undefined> {
  const entry = (await entriesAt(work, commit, [path])).get(path)
  if (!entry) return undefined
  if (entry.kind !== 'blob' || entry.mode === LINK) {
    const isLink = entry.mode === LINK
    throw failed('MANIFEST_INVALID', manifestFailures.noFile(path, isLink, commit))
  }
  const { bench } = work
  const outside = join(await bench.folder(FOLDER), commit)
  const workTree = `${BUILD.root}/${FOLDER}/${commit}`
  await bench.folder(`${FOLDER}/${commit}`)
  const args = ['checkout', '-q', '--force', commit, '--', path]
  await mustGit(work, args, 'source-host', { workTree })
  return parseManifest(await readText(join(outside, path), path), path)
}

const LINK = '120000'

async function readText(file: string, path: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await handle.stat()
    if (size <= LIMITS.manifestBytesMax) return await handle.readFile('utf8')
    const found = manifestFailures.tooLarge(path, size, LIMITS.manifestBytesMax)
    throw failed('MANIFEST_INVALID', found)
  } finally {
    await handle.close()
  }
}
