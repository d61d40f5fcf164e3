import { BUILD } from '../../../package.ts'
import type { Stage } from '../../runtime.ts'
import { fetchTool, integrityOf, type Published } from './fetch-tool.ts'
import { asOnPlatform, cpuOf, type Install, installStage } from './install.ts'

/** Of the versions that are taken where package.json names none. */
const INTEGRITY: Readonly<Record<string, string>> = {
  '7.33.7':
    'sha512-ev4kEGQrOcaY30baTOXHIxpczjYGmNafjPj0IlfUCz5D8jEFOwe43oSf1P+/SnH/V7g1E3d3o1I4jz09p0cgDg==',
  '8.15.9':
    'sha512-SZQ0ydj90aJ5Tr9FUrOyXApjOrzuW7Fee13pDzL0e1E6ypjNXP0AHDHw20VLw4BO3M1XhQHkyik6aBYWa72fgQ==',
  '10.34.9':
    'sha512-9JtajqD97bRLs8DB1ldQkqU8KVDZW3rRXfEfF5dId6LeOgHAfpNOmyjOcW5RwJqUlixzBtCb4uHksYqMh2L9Mg==',
}

const MODULE_SINCE = 11
/** From here on pnpm is a program of its own for each system, not a script (its package on npm). */
const NATIVE_SINCE = 12

/**
 * pnpm install with a flat node_modules: its usual one is made of links into a store, which no ZIP
 * can hold.
 */
export function pnpmStages(install: Install): Stage[] {
  const { installer, scripts, node } = install
  const isNative = Number.parseInt(installer.version, 10) >= NATIVE_SINCE
  const { stages, tool } = fetchTool(install, isNative ? nativePnpm(install) : scriptPnpm(install))
  const { require, files } = asOnPlatform(install)
  const target = ['--os=linux', `--cpu=${cpuOf(install.order.request.architecture)}`]
  const command = isNative
    ? [tool.path, 'install', ...target, '--libc=glibc']
    : [node.path, ...require, tool.path, 'install']
  const flags = [
    '--prod',
    installer.lock ? '--frozen-lockfile' : '--no-lockfile',
    '--reporter=append-only',
    ...(scripts ? ['--config.dangerously-allow-all-builds=true'] : ['--ignore-scripts']),
    // A pnpmfile is code of the project's, as its scripts are.
    ...(scripts ? [] : ['--ignore-pnpmfile']),
  ]
  const settings = Object.entries(SETTINGS).map(([name, value]) => `--config.${name}=${value}`)
  return [
    ...stages,
    installStage(install, {
      name: 'pnpm install',
      argv: [...command, ...flags, ...settings],
      env: { XDG_CACHE_HOME: `${BUILD.cache}/xdg`, XDG_DATA_HOME: `${BUILD.cache}/xdg` },
      tool,
      files: isNative ? {} : files,
    }),
  ]
}

const SETTINGS = {
  'node-linker': 'hoisted',
  'package-import-method': 'copy',
  'store-dir': `${BUILD.cache}/pnpm`,
  // What scripts once made for another build is not taken for this one.
  'side-effects-cache': 'false',
  'strict-dep-builds': 'false',
  'engine-strict': 'false',
  'manage-package-manager-versions': 'false',
  'package-manager-strict': 'false',
  'confirm-modules-purge': 'false',
  // Its launchers would name folders of the build.
  'extend-node-path': 'false',
  'update-notifier': 'false',
  'fetch-timeout': '40000',
  'fetch-retries': '2',
  'fetch-retry-mintimeout': '1000',
  'fetch-retry-maxtimeout': '10000',
}

function scriptPnpm({ installer: { version, hash } }: Install): Published {
  const integrity = integrityOf(hash) ?? INTEGRITY[version]
  const program = `pnpm/bin/pnpm.${Number.parseInt(version, 10) < MODULE_SINCE ? 'cjs' : 'mjs'}`
  return { title: 'pnpm', version, packages: [{ name: 'pnpm', integrity }], program }
}

/** The program lies in a package of its own; package.json's hash is that of the one it names. */
function nativePnpm({ installer: { version, hash } }: Install): Published {
  const own = `@pnpm/exe.${process.platform}-${process.arch}`
  const named = hash ? [{ name: 'pnpm', integrity: integrityOf(hash) }] : []
  return { title: 'pnpm', version, packages: [{ name: own }, ...named], program: `${own}/pnpm` }
}
