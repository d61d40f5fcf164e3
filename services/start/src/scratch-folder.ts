import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ScratchFolder {
  path: string
  remove(): Promise<void>
}

/**
 * Where uploads and builds under way are. Without a sandbox it is outside the clone: code that is
 * loaded looks into the folders above its own, and must find neither our package.json, which makes
 * ES modules of its files, nor our node_modules, which have what it lacks.
 */
export async function scratchFolder(local: string, isSandboxed: boolean): Promise<ScratchFolder> {
  if (isSandboxed) return { path: join(local, 'scratch'), remove: async () => undefined }
  const path = await mkdtemp(join(tmpdir(), 'packline-start-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
