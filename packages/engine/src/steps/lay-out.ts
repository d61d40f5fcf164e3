import { constants } from 'node:fs'
import { cp } from 'node:fs/promises'
import type { Subject } from '../runtimes/runtime.ts'
import type { Workbench } from '../workbench.ts'

/**
 * The folder that the platform would run: the package with its dependency packages laid over it.
 * Rule dependency-clash has said before that no file falls on another.
 */
export async function layOut(
  { package: packed, dependencies }: Pick<Subject, 'package' | 'dependencies'>,
  bench: Pick<Workbench, 'folder' | 'removeFolder'>,
): Promise<string> {
  if (dependencies.length === 0) return packed.folder()
  // A tool may have put a link there: it is not written through.
  await bench.removeFolder('merged')
  const merged = await bench.folder('merged')
  for (const { folder } of [packed, ...dependencies]) {
    // Links are kept as they are; a file system that can share blocks does.
    const options = { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE }
    await cp(await folder(), merged, options)
  }
  return merged
}
