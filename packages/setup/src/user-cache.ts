import path from 'node:path'
import type { Environment } from './environment.ts'

/**
 * The folder for what is kept between clones and may be removed at any time: XDG's on Linux,
 * Library/Caches on macOS.
 */
export function userCache(environment: Environment, platform: string = process.platform): string {
  const home = environment.HOME
  if (environment.XDG_CACHE_HOME) return path.join(environment.XDG_CACHE_HOME, 'packline')
  if (!home) throw new Error('neither HOME nor XDG_CACHE_HOME is set')
  return path.join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', 'packline')
}
