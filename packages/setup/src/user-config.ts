import path from 'node:path'
import { PacklineError } from '@packline/shared'
import type { Environment } from './environment.ts'

/** The folder for what a user has set: XDG's on Linux, Application Support on macOS. */
export function userConfig(environment: Environment, platform: string = process.platform): string {
  const { HOME: home, XDG_CONFIG_HOME: config } = environment
  if (config) return path.join(config, 'packline')
  if (home) {
    const below = platform === 'darwin' ? 'Library/Application Support' : '.config'
    return path.join(home, below, 'packline')
  }
  throw new PacklineError('INVALID_REQUEST', 'Neither HOME nor XDG_CONFIG_HOME is set', {
    hint: 'Set one of them, or name the server by PACKLINE_URL and PACKLINE_KEY.',
  })
}
