import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { sourcesOf } from './bundle/entry.ts'
import { bundleStage } from './bundle/stage.ts'
import { berryStages } from './install/berry.ts'
import { type Install, startInstall } from './install/install.ts'
import { npmStages } from './install/npm.ts'
import { pnpmStages } from './install/pnpm.ts'
import { yarnStages } from './install/yarn.ts'
import { chooseInstaller, type InstallerName } from './installer.ts'
import { checkLocalDependencies, declaresDependencies, readManifest } from './manifest.ts'
import { placesAsked } from './places-asked.ts'
import { refuseTypeScript } from './typescript.ts'
import { chooseMember, refuseMembers } from './workspaces.ts'

const EXTENSIONS = ['js', 'mjs', 'cjs']

const STAGES: Record<InstallerName, (install: Install) => Stage[] | Promise<Stage[]>> = {
  npm: npmStages,
  yarn: yarnStages,
  berry: berryStages,
  pnpm: pnpmStages,
}

/** The handler's file with each extension that Node.js loads; `bootstrap` for HTTP functions. */
export function entries({ request, handler }: Order): readonly string[] {
  if (request.type === 'http') return ['bootstrap']
  if (handler?.form !== 'file.function') return []
  const finished = EXTENSIONS.map((extension) => `${handler.file}.${extension}`)
  // A source in a folder of its own is known by what the bundle is made of.
  return request.build.bundle ? [...finished, ...sourcesOf(handler.file)] : finished
}

/**
 * Installs by the source's own package installer, nothing where no dependency is declared; then
 * bundles where the request says so. Install scripts stay off unless it allows them: they run the
 * dependencies' code.
 */
export async function plan(tree: Tree, order: Order): Promise<readonly Stage[]> {
  const manifest = await readManifest(tree)
  const { bundle } = order.request.build
  const member = await chooseMember(tree, order)
  const code = member === undefined ? tree : await tree.below(member)
  if (!bundle) refuseTypeScript(code, order)
  const bundling = bundle ? [await bundleStage(code, order, member)] : []
  if (member === undefined && !declaresDependencies(manifest)) return bundling
  await refuseMembers(tree, manifest, await order.around?.())
  checkLocalDependencies(tree, manifest)
  const installer = await chooseInstaller(tree, manifest)
  const install = await STAGES[installer.name](await startInstall(tree, order, installer))
  const asked = await placesAsked(tree)
  return [...install.map((stage) => ({ ...stage, asked })), ...bundling]
}
