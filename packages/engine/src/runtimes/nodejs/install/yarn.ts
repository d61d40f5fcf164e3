import { readFile } from 'node:fs/promises'
import { BUILD } from '../../../package.ts'
import type { Stage } from '../../runtime.ts'
import { checkYarnLock, namesDigests } from './check-yarn-lock.ts'
import { fetchTool, integrityOf } from './fetch-tool.ts'
import { asOnPlatform, type Install, installStage } from './install.ts'

const INTEGRITY: Readonly<Record<string, string>> = {
  '1.22.22':
    'sha512-prL3kGtyG7o9Z9Sv8IPfBNrWTDmXB4Qbes8A9rEzt6wkJV8mUvoirjU0Mp3GGAU06Y0XQyA3/2/RQFVuK7MTfg==',
}

/** Yarn runs the scripts of dependencies from git whatever it was told. */
const WITHOUT_SCRIPTS = `${BUILD.home}/without-scripts.cjs`

/** Yarn 1: yarn install by its frozen lock file. */
export async function yarnStages(install: Install): Promise<Stage[]> {
  await checkYarnLock(install.tree)
  const { installer, scripts, node } = install
  const { version, hash } = installer
  const integrity = integrityOf(hash) ?? INTEGRITY[version]
  const packages = [{ name: 'yarn', integrity }]
  const published = {
    title: 'Yarn',
    version,
    packages,
    program: 'yarn/bin/yarn.js',
    registryIn: 'yarn/lib/cli.js',
  }
  const shares = install.cache === 'tenant' && (await namesDigests(install.tree))
  const { stages, tool } = fetchTool(install, published)
  const { require, files } = asOnPlatform(install)
  const without = scripts ? [] : ['--require', WITHOUT_SCRIPTS]
  const flags = [
    '--production',
    installer.lock ? '--frozen-lockfile' : '--no-lockfile',
    ...(scripts ? [] : ['--ignore-scripts']),
    '--ignore-engines',
    '--non-interactive',
    '--no-progress',
    ...['--network-timeout', '40000'],
    ...['--cache-folder', `${BUILD.cache}/yarn`],
    // Builds of one tenant may share the cache, which it does not guard by itself.
    ...['--mutex', `file:${BUILD.cache}/yarn-mutex`],
  ]
  return [
    ...stages,
    installStage(
      { ...install, cache: shares ? 'tenant' : 'build' },
      {
        name: 'yarn install',
        argv: [node.path, ...require, ...without, tool.path, 'install', ...flags],
        env: { YARN_IGNORE_PATH: '1' },
        tool,
        files: { ...files, ...(scripts ? {} : await withoutScripts()) },
      },
    ),
  ]
}

async function withoutScripts(): Promise<Record<string, string>> {
  const text = await readFile(new URL('without-scripts.cjs', import.meta.url), 'utf8')
  return { [WITHOUT_SCRIPTS]: text }
}
