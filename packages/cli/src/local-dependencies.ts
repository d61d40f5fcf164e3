import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { BuildContext } from '@packline/engine'
import { type DependencyPin, PacklineError } from '@packline/shared'
import { nameOf } from './read-request.ts'
import { sha256Of } from './sha256-of.ts'

/** Dependency packages that lie in files of this machine: no server is asked for them. */
export interface LocalDependencies {
  pins: readonly DependencyPin[]
  open: BuildContext['openDependency']
}

/** `files`: as `--dependency` names them. Throws INVALID_REQUEST for what is no file. */
export async function localDependencies(files: readonly string[]): Promise<LocalDependencies> {
  const found: { path: string; pin: DependencyPin }[] = []
  for (const file of files) {
    const path = resolve(file)
    found.push({ path, pin: await pinOf(path, file) })
  }
  return {
    pins: found.map(({ pin }) => pin),
    open: async (wanted) => {
      const one = found.find(({ pin }) => pin.name === wanted.name)
      return one && { size: one.pin.size, stream: createReadStream(one.path) }
    },
  }
}

/** A file has no revisions: it stands for the first. */
async function pinOf(path: string, shown: string): Promise<DependencyPin> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) {
    const what = found ? `${shown} is no file` : `There is no file ${shown}`
    throw new PacklineError('INVALID_REQUEST', what, {
      hint: '--dependency takes the ZIP of a dependency package; revisions are known to a server.',
    })
  }
  const name = nameOf(basename(path).replace(/\.zip$/i, ''))
  return { name, revision: 1, sha256: await sha256Of(path), size: found.size }
}
