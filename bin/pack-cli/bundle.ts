import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Code of others that has programs or optional parts of its own: it stays a dependency, or out. */
const LEFT_OUT = ['esbuild', 'libxmljs2', 'xmlbuilder2', 'ajv-formats-draft2019']

/** Packages of others that are CommonJS ask for what a module does not have. */
const BANNER = `import { createRequire as packlineRequire } from 'node:module'
const require = packlineRequire(import.meta.url)
const { filename: __filename, dirname: __dirname } = import.meta`

/**
 * Writes `dist/` and `bin/`: the command line cut into a file per command that is loaded when it is
 * run, the thread that looks for secrets, and the launcher. Answers what went in, from the root.
 */
export async function bundle(root: string, staged: string): Promise<string[]> {
  const shared = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
  } as const
  const command = await build({
    ...shared,
    entryPoints: {
      main: 'packages/cli/src/main.ts',
      'scan-thread': 'packages/engine/src/secrets/scan-thread.ts',
    },
    outdir: path.join(staged, 'dist'),
    splitting: true,
    chunkNames: '[name]-[hash]',
    target: 'node24',
    external: LEFT_OUT,
    banner: { js: BANNER },
    plugins: [threadsByTheirNewNames],
  })
  await build({
    ...shared,
    entryPoints: { packline: 'bin/pack-cli/published.mjs' },
    outdir: path.join(staged, 'bin'),
    target: 'node20',
  })
  return Object.keys(command.metafile.inputs)
}

/** What is started by its file's name finds it beside itself, as JavaScript. */
const threadsByTheirNewNames: Plugin = {
  name: 'threads',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/engine\/src\/secrets\/scanner\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8')
      const contents = text.replace("'./scan-thread.ts'", "'./scan-thread.mjs'")
      if (contents === text) throw new Error(`${file} names its thread in another way`)
      return { contents, loader: 'ts' }
    })
  },
}
