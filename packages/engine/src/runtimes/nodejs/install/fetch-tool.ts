import { BUILD } from '../../../package.ts'
import type { Tool } from '../../../tools/tools.ts'
import type { Stage } from '../../runtime.ts'
import type { Installer } from '../installer.ts'
import { type Install, installStage } from './install.ts'
import { NPM_ENVIRONMENT } from './npm.ts'

/** A package manager as it is published to npm's registry. */
export interface Published {
  /** Such as "pnpm". */
  title: string
  version: string
  /** All of that version; their integrity as lock files have it. */
  packages: readonly { name: string; integrity?: string }[]
  /** What is started, below node_modules. */
  program: string
  /** The file that names its own registry, where that is not npm's. */
  registryIn?: string
  /** Where that is what `packageManager` has the hash of. */
  programHash?: Installer['hash']
}

const FOLDER = `${BUILD.root}/tools`

/**
 * Puts a package manager beside the source, by npm: workers need none but that, and each build has
 * the version that its lock file was written by. `tool` is there when the stages have run.
 */
export function fetchTool(install: Install, published: Published): { stages: Stage[]; tool: Tool } {
  const { title, version, program, registryIn, programHash } = published
  const path = `${FOLDER}/node_modules/${program}`
  const asksIn = registryIn === undefined ? undefined : `${FOLDER}/node_modules/${registryIn}`
  const tool = { name: title, version, path, binds: [], asks: install.npm.asks, asksIn }
  const stages = [fetchStage(install, published)]
  if (programHash) stages.push(hashStage(install, tool, programHash))
  return { stages, tool }
}

/** npm ci compares what it gets with the integrity of the lock file. */
function fetchStage(install: Install, { title, version, packages }: Published): Stage {
  const dependencies = Object.fromEntries(packages.map(({ name }) => [name, version]))
  const locked = packages.map(({ name, integrity }) => {
    return [`node_modules/${name}`, integrity ? { version, integrity } : { version }]
  })
  const lock = {
    lockfileVersion: 3,
    packages: { '': { dependencies }, ...Object.fromEntries(locked) },
  }
  const { npm, node } = install
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress']
  const stage = installStage(
    { ...install, scripts: false, cache: 'tenant' },
    {
      name: `npm ci of ${title} ${version}`,
      argv: [node.path, npm.path, 'ci', ...flags, '--no-engine-strict', '--prefer-offline'],
      env: NPM_ENVIRONMENT,
      tool: npm,
      files: {
        [`${FOLDER}/package.json`]: JSON.stringify({ dependencies }),
        [`${FOLDER}/package-lock.json`]: JSON.stringify(lock),
      },
    },
  )
  return { ...stage, cwd: FOLDER, because: `it fetches ${title}: ${install.installer.because}` }
}

/** Corepack, who writes these hashes, takes that of Yarn's one file. */
const COMPARE = `const [path, algorithm, wanted] = process.argv.slice(1)
const bytes = require('node:fs').readFileSync(path)
const found = require('node:crypto').createHash(algorithm).update(bytes).digest('hex')
if (found === wanted) process.exit(0)
console.error('wanted ' + algorithm + '.' + wanted + ', found ' + algorithm + '.' + found)
process.exit(1)
`

function hashStage(
  { node, installer }: Install,
  tool: Tool,
  { algorithm, hex }: NonNullable<Installer['hash']>,
): Stage {
  return {
    name: `hash of ${tool.name} ${tool.version}`,
    argv: [node.path, '--eval', COMPARE, tool.path, algorithm, hex],
    network: 'none',
    tools: [node],
    because: installer.because,
    failure: 'INSTALL_FAILED',
  }
}

/** A hash of package.json as lock files write it: sha512.0a... becomes sha512-Cg... */
export function integrityOf(hash: Installer['hash']): string | undefined {
  return hash && `${hash.algorithm}-${Buffer.from(hash.hex, 'hex').toString('base64')}`
}
