import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, runCommand, toolEnvironment } from '@packline/setup'
import { bundle } from './bundle.ts'
import { copyFilesBeside } from './files-beside.ts'
import { licenses } from './licenses.ts'
import { publishedManifest } from './published-manifest.ts'

const NPM_MS_MAX = 60_000

/**
 * Makes the command line as one npm package: bundled, since Node.js strips no types below
 * node_modules. Answers the path of the .tgz in `folder`, whose earlier contents go.
 */
export async function packCli(
  root: string,
  folder: string,
  environment: Environment,
): Promise<string> {
  const staged = path.join(folder, 'package')
  await rm(folder, { recursive: true, force: true })
  await mkdir(path.join(staged, 'dist'), { recursive: true })
  const inputs = await bundle(root, staged)
  await copyFilesBeside(root, path.join(staged, 'dist'))
  const manifest = await publishedManifest(root)
  await Promise.all([
    writeFile(path.join(staged, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`),
    writeFile(path.join(staged, 'THIRD-PARTY.txt'), await licenses(root, inputs)),
    cp(path.join(root, 'LICENSE'), path.join(staged, 'LICENSE')),
    writeFile(path.join(staged, 'README.md'), await readFile(path.join(root, 'docs/cli.md'))),
  ])
  await runCommand(['npm', 'pack', '--pack-destination', folder, '--loglevel=error'], {
    cwd: staged,
    env: toolEnvironment(environment),
    timeoutMs: NPM_MS_MAX,
  })
  return path.join(folder, `${manifest.name}-${manifest.version}.tgz`)
}
