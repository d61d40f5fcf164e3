import { PacklineError } from '@packline/shared'
import { BUILD } from '../../package.ts'
import { missing } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { checkLocalDependencies, declaresDependencies, readManifest } from './manifest.ts'

const EXTENSIONS = ['js', 'mjs', 'cjs']

/**
 * A registry that is away is told within two minutes: npm's own five per answer, three times over,
 * would be the whole time of a build, and then be blamed on the caller.
 */
const PATIENCE = {
  npm_config_fetch_timeout: '40000',
  npm_config_fetch_retries: '2',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '10000',
}

/** The handler's file with each extension that Node.js loads; `bootstrap` for HTTP functions. */
export function entries({ request, handler }: Order): readonly string[] {
  if (request.type === 'http') return ['bootstrap']
  if (handler?.form !== 'file.function') return []
  return EXTENSIONS.map((extension) => `${handler.file}.${extension}`)
}

/**
 * npm ci with a lock file, npm install without; nothing where no dependency is declared. Install
 * scripts stay off: they would run the dependencies' code.
 */
export async function plan(tree: Tree, { tools, request }: Order): Promise<readonly Stage[]> {
  const manifest = await readManifest(tree)
  if (!declaresDependencies(manifest)) return []
  checkLocalDependencies(tree, manifest)
  if (!tools.npm) {
    const { what, mend } = missing('npm')
    throw new PacklineError('TOOL_MISSING', what, { hint: mend })
  }
  const locked = ['package-lock.json', 'npm-shrinkwrap.json'].find((path) => tree.find(path))
  const command = locked ? 'ci' : 'install'
  const cpu = request.architecture === 'aarch64' ? 'arm64' : 'x64'
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress']
  // npm is run by our own Node.js, not by the one that the function asks for.
  flags.push('--no-engine-strict')
  // A lock file of npm's own making would carry this worker's registry into the package.
  if (!locked) flags.push('--no-package-lock', '--no-save')
  const target = ['--os=linux', `--cpu=${cpu}`, '--libc=glibc']
  return [
    {
      name: `npm ${command}`,
      argv: [...npmArgv(tools), command, ...flags, ...target],
      env: {
        HOME: BUILD.home,
        PATH: '/usr/bin:/bin',
        npm_config_cache: `${BUILD.cache}/npm`,
        npm_config_update_notifier: 'false',
        npm_config_logs_max: '0',
        ...PATIENCE,
      },
      network: 'registries',
      tools: [tools.npm, tools.node],
      because: locked ? `there is a ${locked}` : whyInstall(tree),
      failure: 'INSTALL_FAILED',
    },
  ]
}

/** Lock files of others are said to be there: what they pin is not what was installed. */
function whyInstall(tree: Tree): string {
  const other = ['yarn.lock', 'pnpm-lock.yaml', 'bun.lock'].find((path) => tree.find(path))
  if (other === undefined) return 'package.json has no lock file beside it'
  return `there is no lock file of npm's (${other} is not followed yet)`
}

/** npm is a script: run by our own Node.js, whatever the machine's is. */
function npmArgv(tools: Order['tools']): string[] {
  return [tools.node.path, tools.npm?.path ?? '']
}
