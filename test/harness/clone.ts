import { execFile } from 'node:child_process'
import { copyFile, glob, mkdir, readdir, readlink, symlink } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const ROOT = path.resolve(import.meta.dirname, '../..')
const LISTING_BYTES_MAX = 16 * 1024 * 1024

/**
 * What `git clone` and `npm ci` would make of this tree as it stands, in seconds: its files are
 * copied, the packages of others linked, and the workspaces are the copy's own.
 */
export async function cloneTree(folder: string): Promise<void> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listing = await promisify(execFile)('git', args, {
    cwd: ROOT,
    maxBuffer: LISTING_BYTES_MAX,
  })
  const places = listing.stdout.split('\0').filter(Boolean)
  const folders = new Set(places.map((place) => path.dirname(place)))
  for (const one of folders) await mkdir(path.join(folder, one), { recursive: true })
  // Listed and not there: removed, and the removal is not committed yet.
  await Promise.all(places.map((place) => copyFile(...both(place, folder)).catch(() => undefined)))
  await linkPackages(folder)
}

async function linkPackages(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'node_modules/@packline'), { recursive: true })
  const names = await readdir(path.join(ROOT, 'node_modules'))
  const others = names.filter((name) => name !== '@packline')
  await Promise.all(others.map((name) => symlink(...both(`node_modules/${name}`, folder))))
  for (const name of await readdir(path.join(ROOT, 'node_modules/@packline'))) {
    // Relative ones, which lead to the copy's own.
    const [from, to] = both(`node_modules/@packline/${name}`, folder)
    await symlink(await readlink(from), to)
  }
  for await (const place of glob('{packages,services}/*/node_modules', { cwd: ROOT })) {
    await symlink(...both(place, folder))
  }
}

function both(place: string, folder: string): [string, string] {
  return [path.join(ROOT, place), path.join(folder, place)]
}
