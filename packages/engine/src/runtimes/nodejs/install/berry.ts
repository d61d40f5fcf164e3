import { failed } from '@packline/shared'
import { parseDocument, stringify } from 'yaml'
import { BUILD } from '../../../package.ts'
import { nodejsFailures } from '../../../texts/failures/nodejs.ts'
import type { Tree } from '../../../tree.ts'
import type { Stage } from '../../runtime.ts'
import { fetchTool } from './fetch-tool.ts'
import { asOnPlatform, type Install, installStage } from './install.ts'

/** Of the versions that are taken where package.json names none. */
const INTEGRITY: Readonly<Record<string, string>> = {
  '2.4.2':
    'sha512-M82xg3uZnE836u68o/DpLtSQjxHUoYkuK82v4psznrFjZO3msYD6qb/wAhGD9KdkO/puwfnDhOc9imA3NDrp9g==',
  '3.1.1':
    'sha512-7R8UUelyaGkpiSEgDgeK4A8jEUNmKw+un4UCY0xQoFXBJgVWS6lyWWN57FSs+3ybHZuNrEzaEa9+Bb5hiktGug==',
  '3.8.7':
    'sha512-YMoAlLR9f+kxXjK72ggBIidi3ulQQrQpMSxzrLUt0OUk9Xdst2v26LBSYFlzOm+7KRNWgYIJpFjA8uRnCgB5xQ==',
  '4.13.0':
    'sha512-c0YdSja652OezJqFnz9+pZwKfKAiBu2aRPJiHPU73sirTGgvQRTyaS5Y6PQHAmmaoa3RjCY6f3L2q9g8S/urqw==',
  '4.14.1':
    'sha512-62uYRCYBnAwNZ1Y4uMh0iUXtgZe4frwAgd5dJFoTu/uWMZWpJzxY2ib0cAva1eiy1L2jiDR0dS1Os+1osiIxvA==',
  '4.18.1':
    'sha512-EH+A4TxAtBWXKE0DGQxW9Bo9crXHLJ73mfxjTQJuv8XonNWWTpei8BQ5JjczHJNU9GROTycwMFn8iOvRIZXUcA==',
}
const RC = '.yarnrc.yml'
const RC_BYTES_MAX = 1024 * 1024
const RC_ALIASES_MAX = 100
/** What Yarn would run by them is code of the project's, as its scripts are; no variable holds. */
const RUNNING = new Set(['plugins', 'enableConstraintsChecks'])
/** Settings that name a place to write at, and places outside of the source. */
const PLACE = /(?:Path|Folder|Filename)$/
const OUTSIDE = /^[/~]|\$|(?:^|\/)\.\.(?:\/|$)/

/**
 * Yarn 2 and later, always with node_modules: the platform's Node.js knows nothing of Plug'n'Play.
 * Its only command that leaves dependencies of development out (`workspaces focus`) mends a lock
 * file in silence: so all is installed, and what was not asked for is left out of the package.
 */
export async function berryStages(install: Install): Promise<Stage[]> {
  const { installer, node, tree } = install
  const { version, hash, lock } = installer
  const { stages, tool } = fetchTool(install, {
    title: 'Yarn',
    version,
    packages: [{ name: '@yarnpkg/cli-dist', integrity: INTEGRITY[version] }],
    program: '@yarnpkg/cli-dist/bin/yarn.js',
    registryIn: '@yarnpkg/cli-dist/bin/yarn.js',
    programHash: hash,
  })
  const platform = asOnPlatform(install)
  return [
    ...stages,
    installStage(install, {
      name: 'yarn install',
      argv: [
        ...[node.path, ...platform.require, tool.path, 'install'],
        lock ? '--immutable' : '--no-immutable',
      ],
      env: environment(tree, install.scripts),
      tool,
      files: { ...platform.files, ...(await safeSettings(install)) },
    }),
  ]
}

/** Variables stand above every rc file; Yarn stops at one that its version does not know. */
function environment(tree: Tree, scripts: boolean): Record<string, string> {
  // A cache in the source was put there to be used.
  const hasCache = tree.files.some(({ path }) => path.startsWith('.yarn/cache/'))
  return {
    YARN_NODE_LINKER: 'node-modules',
    YARN_ENABLE_SCRIPTS: String(scripts),
    YARN_IGNORE_PATH: '1',
    YARN_GLOBAL_FOLDER: `${BUILD.cache}/berry`,
    YARN_ENABLE_GLOBAL_CACHE: String(!hasCache),
    YARN_ENABLE_TELEMETRY: 'false',
    YARN_ENABLE_PROGRESS_BARS: 'false',
    YARN_ENABLE_COLORS: 'false',
    YARN_ENABLE_HYPERLINKS: 'false',
    YARN_HTTP_TIMEOUT: '40000',
    YARN_HTTP_RETRY: '2',
  }
}

/**
 * Without what would run code or lead out of the source. What we have read is written anew whatever
 * it holds: Yarn reads a file that begins like an old lock file by other rules, and would find
 * plugins where we see none.
 */
async function safeSettings({ tree, scripts }: Install): Promise<Record<string, string>> {
  if (scripts || !tree.find(RC)) return {}
  const text = (await tree.read(RC, RC_BYTES_MAX)).toString('utf8')
  // As Yarn does: every value is text.
  const document = parseDocument(text, { schema: 'failsafe' })
  const [error] = document.errors
  if (error) {
    const [place] = error.linePos ?? []
    const said = nodejsFailures.notYaml(`${RC}:${place?.line ?? 1}`, error.code)
    throw failed('MANIFEST_INVALID', said, { cause: error })
  }
  const settings: unknown = document.toJS({ maxAliasCount: RC_ALIASES_MAX })
  // Yarn takes what is no mapping for nothing, too.
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    return { [`${BUILD.source}/${RC}`]: '' }
  }
  const kept = Object.entries(settings).filter(
    ([name, value]) => !RUNNING.has(name) && !(PLACE.test(name) && OUTSIDE.test(String(value))),
  )
  const written = stringify(Object.fromEntries(kept), { schema: 'failsafe' })
  return { [`${BUILD.source}/${RC}`]: written }
}
