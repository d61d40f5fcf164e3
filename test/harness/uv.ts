import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestContext } from 'vitest'
import type { Tools } from '../../packages/engine/src/tools/tools.ts'
import { needs } from './needs.ts'

/** Also names the folder, so that another version is another folder. */
const VERSION = '0.13.9'
const INSTALL_MS_MAX = 100_000

/**
 * The machine's own uv, else one from PyPI beside the tests' caches; skips where pip is missing.
 */
export async function uvFor(context: TestContext, tools: Tools): Promise<Tools['uv']> {
  if (tools.uv) return tools.uv
  needs(context, 'pip')
  const python = tools.pythons.find((one) => one.hasPip && !one.version.startsWith('2.'))
  if (!python) return context.skip('no Python 3 with pip here')
  const folder = join(import.meta.dirname, '../../.local/test-cache', `uv-${VERSION}`)
  const path = join(folder, 'bin/uv')
  if (!existsSync(path)) {
    const partial = `${folder}.${process.pid}`
    const argv = ['-m', 'pip', 'install', '--quiet', '--target', partial, `uv==${VERSION}`]
    await promisify(execFile)(python.path, argv, { timeout: INSTALL_MS_MAX })
    // Another run may have been faster.
    await rename(partial, folder).catch(() => rm(partial, { recursive: true }))
  }
  return { name: 'uv', version: VERSION, path, binds: [path] }
}
