import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** What npm is told of the published command line. */
interface PublishedManifest {
  name: string
  version: string
  [more: string]: unknown
}

/** Versions are those of this tree, exactly; everything else is in the bundle. */
export async function publishedManifest(root: string): Promise<PublishedManifest> {
  const read = async (place: string) =>
    JSON.parse(await readFile(path.join(root, place, 'package.json'), 'utf8'))
  const [cli, engine, workspace] = await Promise.all(
    ['packages/cli', 'packages/engine', '.'].map(read),
  )
  const { name, version, license } = cli
  return {
    name,
    version,
    description: 'Makes and proves deployment packages for serverless functions',
    license,
    type: 'module',
    bin: { packline: 'bin/packline.mjs' },
    files: ['bin', 'dist', 'THIRD-PARTY.txt'],
    engines: workspace.engines,
    // For --bundle: it has a program for each system, which can not go into a bundle.
    dependencies: { esbuild: engine.dependencies.esbuild },
    optionalDependencies: workspace.optionalDependencies,
  }
}
