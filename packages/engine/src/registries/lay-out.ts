import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ToolAccess } from '../context.ts'
import { BUILD } from '../package.ts'

/**
 * Lays the files of an access out in the build's scratch while the work runs. They may hold
 * credentials: nothing that runs later finds them, and only the build's user reads them.
 */
export async function withFiles<T>(
  access: ToolAccess | undefined,
  scratch: string,
  work: () => Promise<T>,
): Promise<T> {
  const files = Object.entries(access?.files ?? {})
  if (files.length === 0) return work()
  const folder = join(scratch, BUILD.registries.slice(BUILD.root.length))
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 })
  // What was built before may have put a link there: it is not written through.
  await remove()
  try {
    await mkdir(folder)
    for (const [path, content] of files) {
      await writeFile(join(scratch, path.slice(BUILD.root.length)), content, { mode: 0o600 })
    }
    return await work()
  } finally {
    await remove()
  }
}
