import { PacklineError } from '@packline/shared'
import { BUILD } from '../../package.ts'
import { missing } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { readManifest } from './manifest.ts'

const EXTENSIONS = ['js', 'mjs', 'cjs']

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
  const declared = { ...manifest?.dependencies, ...manifest?.optionalDependencies }
  if (Object.keys(declared).length === 0) return []
  if (!tools.npm) {
    const { what, mend } = missing('npm')
    throw new PacklineError('TOOL_MISSING', what, { hint: mend })
  }
  const locked = ['package-lock.json', 'npm-shrinkwrap.json'].find((path) => tree.find(path))
  const command = locked ? 'ci' : 'install'
  const cpu = request.architecture === 'aarch64' ? 'arm64' : 'x64'
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress']
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
      },
      network: 'registries',
      tools: [tools.npm, tools.node],
      because: locked ? `there is a ${locked}` : 'package.json has no lock file beside it',
      failure: 'INSTALL_FAILED',
    },
  ]
}

/** npm is a script: run by our own Node.js, whatever the machine's is. */
function npmArgv(tools: Order['tools']): string[] {
  return [tools.node.path, tools.npm?.path ?? '']
}
