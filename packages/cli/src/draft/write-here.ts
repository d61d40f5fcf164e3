import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PacklineError } from '@packline/shared'
import { notWritable } from '../output-file.ts'
import { parentsOf, standsAt } from './find-here.ts'

/** What is to stand at a path. */
export type Content =
  | { kind: 'folder' }
  | { kind: 'link'; target: string }
  | { kind: 'file'; bytes: Buffer; executable: boolean }

/** Each file whole or not at all. Throws INVALID_REQUEST where it can not be written. */
export async function writeHere(folder: string, path: string, content: Content): Promise<void> {
  await makeParents(folder, path)
  const target = join(folder, path)
  const partial = `${target}.${randomUUID()}`
  const stands = await standsAt(target)
  if (stands && stands.isDirectory() !== (content.kind === 'folder')) await removeHere(folder, path)
  try {
    if (content.kind === 'folder') {
      await mkdir(target, { recursive: true })
      return
    }
    if (content.kind === 'link') await symlink(content.target, partial)
    else {
      const mode = content.executable ? 0o755 : 0o644
      await writeFile(partial, content.bytes, { flag: 'wx', mode })
      // The mode of a new file is cut by the umask.
      await chmod(partial, mode)
    }
    await rename(partial, target)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw notWritable(target, cause)
  }
}

/** A file, a link or an empty folder; of one that holds more nothing goes. */
export async function removeHere(folder: string, path: string): Promise<void> {
  const target = join(folder, path)
  const stats = await standsAt(target)
  if (!stats) return
  try {
    await (stats.isDirectory() ? rmdir(target) : rm(target))
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw notWritable(target, cause)
  }
}

/** Nothing is written through a link, which may lead out of the folder. */
async function makeParents(folder: string, path: string): Promise<void> {
  for (const parent of parentsOf(path)) {
    const full = join(folder, parent)
    const stats = await standsAt(full)
    if (stats?.isDirectory()) continue
    if (stats) {
      throw new PacklineError('INVALID_REQUEST', `${full} is no folder: ${path} has no place`, {
        hint: 'Move it away, or pull into another folder.',
      })
    }
    await mkdir(full).catch((cause: unknown) => {
      throw notWritable(full, cause)
    })
  }
}
