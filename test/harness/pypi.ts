import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestContext } from 'vitest'
import type { Tools } from '../../packages/engine/src/tools/tools.ts'
import { needs } from './needs.ts'

const INSTALL_MS_MAX = 200_000

/**
 * The folder of a package from PyPI, kept beside the tests' caches and fetched where it is not
 * there yet; skips where pip is missing.
 */
export async function fromPypi(
  context: TestContext,
  tools: Tools,
  { name, version }: { name: string; version: string },
): Promise<string> {
  needs(context, 'pip')
  const python = tools.pythons.find((one) => one.hasPip && !one.version.startsWith('2.'))
  if (!python) return context.skip('no Python 3 with pip here')
  // Its name tells the version, so that another one is another folder.
  const folder = join(import.meta.dirname, '../../.local/test-cache', `${name}-${version}`)
  if (existsSync(folder)) return folder
  const partial = `${folder}.${process.pid}`
  const argv = ['-m', 'pip', 'install', '--quiet', '--target', partial, `${name}==${version}`]
  await promisify(execFile)(python.path, argv, { timeout: INSTALL_MS_MAX })
  // Another run may have been faster.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true }))
  return folder
}
