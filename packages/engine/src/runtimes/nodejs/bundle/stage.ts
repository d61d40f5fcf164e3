import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, posix } from 'node:path'
import { failed } from '@packline/shared'
import { BUILD } from '../../../package.ts'
import { nodejsFailures } from '../../../texts/failures/nodejs.ts'
import type { Tool } from '../../../tools/tools.ts'
import type { Tree } from '../../../tree.ts'
import type { Order, Stage } from '../../runtime.ts'
import { readManifest } from '../manifest.ts'
import { bundleEntry } from './entry.ts'
import { BUNDLE_NOTE } from './note.ts'

/**
 * esbuild over what was installed; without network, and it runs nothing of the source. `folder`:
 * where the tree lies in the source, as a member of a workspace.
 */
export async function bundleStage(tree: Tree, order: Order, folder = ''): Promise<Stage> {
  const entry = await bundleEntry(tree, await readManifest(tree), order)
  const { output, format } = entry
  const source = posix.join(folder, entry.source)
  const esbuild = findEsbuild()
  const { node } = order.tools
  const script = `${BUILD.home}/bundle.mjs`
  return {
    name: 'bundle',
    argv: [
      node.path,
      script,
      esbuild.path,
      source,
      `${BUILD.output}/${output}`,
      `${BUILD.output}/${BUNDLE_NOTE}`,
      format,
      `node${order.request.version}`,
      order.request.build.sourceMap ? 'with sources' : 'without sources',
    ],
    env: {
      HOME: BUILD.home,
      PATH: '/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      ESBUILD_BINARY_PATH: esbuild.program,
    },
    network: 'none',
    tools: [esbuild, node],
    because: `the request asks for a bundle of ${source}`,
    files: { [script]: await readFile(new URL('bundle.mjs', import.meta.url), 'utf8') },
    failure: 'COMPILE_FAILED',
  }
}

/** `path`: its library; `program`: what that starts, from a package for this machine alone. */
interface Esbuild extends Tool {
  program: string
}

function findEsbuild(): Esbuild {
  const manifest = createRequire(import.meta.url).resolve('esbuild/package.json')
  const require = createRequire(manifest)
  const own = `@esbuild/${process.platform}-${process.arch}`
  try {
    const program = require.resolve(`${own}/bin/esbuild`)
    const folder = dirname(manifest)
    const { version } = require('./package.json')
    const path = join(folder, 'lib/main.js')
    return { name: 'esbuild', version, path, program, binds: [folder, program] }
  } catch (cause) {
    throw failed('TOOL_MISSING', nodejsFailures.noEsbuild(own), { cause })
  }
}
