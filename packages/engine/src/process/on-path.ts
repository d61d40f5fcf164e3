import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The first executable file of this name in the folders of a PATH, as PATH names it. */
export async function onPath(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(':')) {
    // An empty or relative entry would mean the folder the worker happens to stand in.
    if (!folder.startsWith('/')) continue
    const file = join(folder, name)
    if (await isExecutable(file)) return file
  }
  return undefined
}

/** Whether a file is there and may be executed; links are followed. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    // Not there, or not for us: for finding a tool it is the same.
    return false
  }
}

/** Every executable file of these names in all folders of a PATH, in its order. */
export async function allOnPath(names: readonly string[], path: string): Promise<string[]> {
  const folders = path.split(':').filter((folder) => folder.startsWith('/'))
  const files = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  const found = await Promise.all(files.map(isExecutable))
  return files.filter((_, index) => found[index])
}
