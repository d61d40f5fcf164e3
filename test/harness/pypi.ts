import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestContext } from 'vitest'
import type { Tools } from '../../packages/engine/src/tools/tools.ts'
import { needs } from './needs.ts'

const INSTALL_MS_MAX = 300_000

interface PypiPackage {
  name: string
  version: string
  /** Requirements that are installed into the same folder. */
  beside?: readonly string[]
}

/** What installs packages from PyPI here; skips where there is none. */
export function pythonWithPip(context: TestContext, tools: Tools): string {
  needs(context, 'pip')
  const python = tools.pythons.find((one) => one.hasPip && !one.version.startsWith('2.'))
  return python?.path ?? context.skip('no Python 3 with pip here')
}

/**
 * The folder of a package from PyPI, kept beside the tests' caches and fetched where it is not
 * there yet.
 */
export async function fromPypi(python: string, wanted: PypiPackage): Promise<string> {
  const { name, version, beside = [] } = wanted
  // Its name tells the version, so that another one is another folder.
  const folder = join(import.meta.dirname, '../../.local/test-cache', `${name}-${version}`)
  if (existsSync(folder)) return folder
  const partial = `${folder}.${process.pid}`
  const packages = [`${name}==${version}`, ...beside]
  const argv = ['-m', 'pip', 'install', '--quiet', '--target', partial, ...packages]
  await promisify(execFile)(python, argv, { timeout: INSTALL_MS_MAX })
  // Another run may have been faster.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true }))
  return folder
}
