import type { Finding } from '@packline/shared'
import { finding } from '../../../finding.ts'
import { stdlibShadowTexts } from '../../../texts/stdlib-shadow.ts'
import { isStandard } from './standard-library.ts'

/** Not of the standard library: the platform itself keeps something under this name. */
const TAKEN = 'lib'

/** What makes a name at the root a module: a file, or a folder with modules in it. */
const ROOT_MODULE = /^([^/.]+)(?:\/[^/]+)?(?:\/__init__)?(?:\.pyc?|(?:\.[^/]*)?\.so)$/

/**
 * Rule stdlib-shadow: no module at the root has a name of the standard library, nor "lib": the
 * platform fails with a module loading error. Own ones are errors, installed ones warnings (errors
 * where the load fails: steps/prove-load.ts).
 */
export function checkShadows(
  paths: readonly string[],
  version: string,
  isInstalled: (path: string) => boolean,
): Finding[] {
  const found = new Map<string, string>()
  for (const path of paths) {
    const name = ROOT_MODULE.exec(path)?.[1]
    if (name === undefined || found.has(name)) continue
    if (name === TAKEN || isStandard(name, version)) found.set(name, path)
  }
  return [...found].map(([name, path]) => {
    const level = isInstalled(path) ? 'warning' : 'error'
    const of = name === TAKEN ? undefined : version
    const said = stdlibShadowTexts.shadows(name, path, of, isInstalled(path))
    return finding('stdlib-shadow', level, said, { path })
  })
}
