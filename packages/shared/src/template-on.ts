import type { Profile } from './profile.ts'
import { chooseVersion } from './resolve.ts'
import type { Template } from './template.ts'

/** Where the examples' bootstrap finds the platform's own Node.js. */
const EXAMPLE_HOME = '/opt/function/runtime/nodejs20.15/rtsp/nodejs'

/**
 * The template for one version of its runtime, without one the profile's default: a bootstrap
 * starts the interpreter where this platform has it. Throws UNKNOWN_RUNTIME, UNKNOWN_VERSION.
 */
export function templateOn(template: Template, profile: Profile, version?: string): Template {
  const { runtime, files } = template
  const chosen = chooseVersion({ runtime, version }, profile)
  const home = profile.runtimes[runtime]?.home?.replaceAll('{version}', chosen) ?? EXAMPLE_HOME
  const fitted = Object.entries(files).map(([path, file]) => {
    return [path, { ...file, text: file.text.replaceAll(EXAMPLE_HOME, home) }]
  })
  return { ...template, files: Object.fromEntries(fitted) }
}
