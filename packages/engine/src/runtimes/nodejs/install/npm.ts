import { BUILD } from '../../../package.ts'
import type { Stage } from '../../runtime.ts'
import { cpuOf, type Install, installStage } from './install.ts'

/**
 * A registry that is away is told within two minutes: npm's own five per answer, three times over,
 * would be the whole time of a build, and then be blamed on the caller.
 */
export const NPM_ENVIRONMENT = {
  npm_config_cache: `${BUILD.cache}/npm`,
  // A .npmrc of the source or of a repository could name a program of its own, which is then run.
  npm_config_git: 'git',
  npm_config_update_notifier: 'false',
  npm_config_logs_max: '0',
  npm_config_fetch_timeout: '40000',
  npm_config_fetch_retries: '2',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '10000',
}

/** npm ci with a lock file, npm install without. */
export function npmStages(install: Install): Stage[] {
  const { npm, node, installer, order, scripts } = install
  const command = installer.lock ? 'ci' : 'install'
  const flags = ['--omit=dev', '--no-audit', '--no-fund', '--no-progress']
  // A newer npm runs a dependency's scripts only where package.json names it.
  flags.push(...(scripts ? ['--dangerously-allow-all-scripts'] : ['--ignore-scripts']))
  // npm is run by our own Node.js, not by the one that the function asks for.
  flags.push('--no-engine-strict')
  // A lock file of npm's own making would carry this worker's registry into the package.
  if (!installer.lock) flags.push('--no-package-lock', '--no-save')
  const target = ['--os=linux', `--cpu=${cpuOf(order.request.architecture)}`, '--libc=glibc']
  return [
    installStage(install, {
      name: `npm ${command}`,
      argv: [node.path, npm.path, command, ...flags, ...target],
      env: NPM_ENVIRONMENT,
      tool: npm,
    }),
  ]
}
