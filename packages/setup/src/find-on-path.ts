import { accessSync, constants, statSync } from 'node:fs'
import path from 'node:path'
import type { Environment } from './environment.ts'

/** The first executable file of one of these names on the PATH of `environment`, if any. */
export function findOnPath(environment: Environment, ...names: string[]): string | undefined {
  const folders = (environment.PATH ?? '').split(path.delimiter).filter(Boolean)
  return names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => isExecutable(file))
}

/** Whether `file` is a file that this process may run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    // Missing, or not for us: either way it can not be run.
    return false
  }
}
