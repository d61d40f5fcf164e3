import { posix } from 'node:path'
import { BUILD } from '../../package.ts'
import { noTool } from '../../tools/missing.ts'
import type { Tool } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { fileBeyondKey } from './beyond-key.ts'
import { type Compiler, findCompiler } from './compiler.ts'
import { buildFlags, goEnvironment, PROCESSORS } from './environment.ts'
import { entryOf, type Form, formOf, initializerOf } from './form.ts'
import { checkFolders } from './local-folders.ts'
import { findMainPackage, type MainPackage } from './main-package.ts'
import { type Module, nameOfModule, packedFolder, readModule } from './module.ts'
import { placesAsked } from './places-asked.ts'
import { platformModule, treeOfModule, type UsedModule } from './platform-module.ts'
import { isNewer, toolchainOf } from './release.ts'
import { checkSymbol } from './symbols.ts'
import { readWorkspace, type Workspace } from './workspace.ts'

/** Prints each module that the build needs, once per package. */
const MODULES = '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}'

/** What the stages of one plan share. */
interface Work {
  order: Order
  form: Form
  main: MainPackage
  module: Module | undefined
  workspace: Workspace | undefined
  toolchain: { name: string; version: string; because: string }
  compiler: Compiler | undefined
  sdk: UsedModule | undefined
  /** A file for which nothing of what is compiled may be kept. */
  beyondKey: string | undefined
}

/**
 * Fetch the modules that the main package needs, then compile it without network. The first stage
 * falls away where nothing is to be fetched. Throws ENTRY_MISSING, MANIFEST_INVALID, TOOL_MISSING,
 * INVALID_REQUEST.
 */
export async function plan(tree: Tree, order: Order): Promise<readonly Stage[]> {
  const go = toolOf(order)
  const form = formOf(order)
  const main = await findMain(tree, form, go, order)
  if (form.kind === 'plugin') checkSymbols(main, form.symbol, order)
  const module = await readModule(tree, main.folder)
  const workspace = module && (await readWorkspace(tree, module))
  await checkManifests(tree, module, workspace)
  const toolchain = chooseToolchain(go, { module, workspace, form, order })
  const compiler = needsCompiler(form, main) ? findCompiler(order) : undefined
  const sdk = await platformModule(tree, { main, module, workspace }, order.profile)
  const compiled = sdk ? [tree, treeOfModule(sdk)] : [tree]
  const beyondKey = await fileBeyondKey(compiled, { withC: compiler !== undefined })
  const work = { order, form, main, module, workspace, toolchain, compiler, sdk, beyondKey }
  const [first, ...rest] = [...fetchStages(work), buildStage(work, outputName(tree, work))]
  if (!first) return []
  // The first stage writes it, and may add to it what the code imports.
  const files = { ...(module ? {} : generatedModule(work)), ...sdk?.files }
  const written = Object.keys(files).length > 0 ? { ...first, files } : first
  const asked = await placesAsked(tree, module)
  return [written, ...rest].map((stage) => ({ ...stage, asked }))
}

function toolOf({ tools }: Order): Tool {
  if (tools.go) return tools.go
  throw noTool('go')
}

function findMain(tree: Tree, form: Form, go: Tool, { request, profile }: Order) {
  const processor = PROCESSORS[request.architecture].GOARCH
  return findMainPackage(tree, {
    name: form.kind === 'http' ? undefined : form.name,
    below: request.build.module ?? '',
    target: { processor, goVersion: profile.go.host ?? go.version },
  })
}

function checkSymbols(main: MainPackage, symbol: string, order: Order): void {
  checkSymbol(main, symbol)
  const initializer = initializerOf(order)
  if (initializer !== undefined) checkSymbol(main, initializer)
}

async function checkManifests(
  tree: Tree,
  module: Module | undefined,
  workspace: Workspace | undefined,
): Promise<void> {
  if (module) await checkFolders(tree, posix.join(module.folder, 'go.mod'))
  if (workspace) await checkFolders(tree, posix.join(workspace.folder, 'go.work'))
}

/** The worker's own Go, unless the plugin host's or the module's line asks for another. */
function chooseToolchain(
  go: Tool,
  { module, workspace, form, order }: Pick<Work, 'module' | 'workspace' | 'form' | 'order'>,
): Work['toolchain'] {
  const { host } = order.profile.go
  if (form.kind === 'plugin' && host !== undefined && host !== go.version) {
    const because = `the platform's plugin host is Go ${host}, this worker has Go ${go.version}`
    return { name: `go${host}`, version: host, because }
  }
  const asked = { 'go.mod': module?.go, 'go.work': workspace?.go }
  for (const [file, version] of Object.entries(asked)) {
    if (version === undefined || !isNewer(version, go.version)) continue
    const name = toolchainOf(version)
    const because = `${file} asks for Go ${version}, this worker has Go ${go.version}`
    return { name, version: name.slice(2), because }
  }
  return { name: 'local', version: go.version, because: "the worker's own" }
}

/** A plugin is loaded by a C program's loader; other code needs C only where it says so. */
function needsCompiler(form: Form, main: MainPackage): boolean {
  return form.kind === 'plugin' || main.files.some(({ outline }) => outline.imports.includes('C'))
}

/** Where the source brings its own bootstrap, the executable is called as `go build` would. */
function outputName(tree: Tree, { form, module, order }: Work): string {
  const bootstrap = posix.join(packedFolder(tree, order.request), 'bootstrap')
  if (form.kind !== 'http' || !tree.find(bootstrap)) return entryOf(form)
  const name = nameOfModule(module?.path ?? 'main')
  return name === 'bootstrap' ? 'main' : name
}

function fetchStages(work: Work): Stage[] {
  const { module, workspace, main, toolchain } = work
  if (!isVendored(work) && (module?.requires || importsOthers(main, module))) {
    const locked = workspace ? 'modules of go.work' : 'modules by go.sum'
    const isLocked = workspace !== undefined || module?.locked
    const because = `${toolchain.because}; ${isLocked ? locked : 'there is no go.sum'}`
    // A workspace keeps sums of its own, which the go command adds to by itself.
    const flags = isLocked && (!work.sdk || workspace) ? [] : ['-mod=mod']
    const argv = ['list', ...flags, '-deps', '-f', MODULES, target(work)]
    return [stage(work, 'go modules', argv, because)]
  }
  if (toolchain.name === 'local') return []
  return [stage(work, 'go toolchain', ['version'], toolchain.because)]
}

function isVendored({ module, workspace }: Work): boolean {
  return (workspace ?? module)?.vendored ?? false
}

/** Without a go.mod that says so, what is imported tells whether modules are needed. */
function importsOthers(main: MainPackage, module: Module | undefined): boolean {
  const own = (path: string) => path === module?.path || path.startsWith(`${module?.path}/`)
  const imports = main.files.flatMap(({ outline }) => outline.imports)
  // The first part of a path that is fetched is a host's name; the standard library's has no dot.
  return imports.some((path) => path.split('/')[0]?.includes('.') && !own(path))
}

function buildStage(work: Work, name: string): Stage {
  const { order, form, compiler, toolchain, beyondKey } = work
  const argv = [
    'build',
    ...buildFlags(order.profile),
    ...(isVendored(work) ? ['-mod=vendor'] : []),
    ...(form.kind === 'plugin' ? ['-buildmode=plugin'] : []),
    '-o',
    `${BUILD.output}/${name}`,
    target(work),
  ]
  const because = [
    toolchain.because,
    ...(compiler ? [`C by ${compiler.because}`] : []),
    ...(beyondKey ? [`nothing from the cache, as ${beyondKey} may include any file`] : []),
  ].join('; ')
  return { ...stage(work, 'go build', argv, because), network: 'none', failure: 'COMPILE_FAILED' }
}

/** A stage that fetches; the build differs from it in network and failure. */
function stage(work: Work, name: string, argv: readonly string[], because: string): Stage {
  const { order, module, workspace, compiler, toolchain, sdk, beyondKey } = work
  const go = toolOf(order)
  return {
    name,
    argv: [go.path, ...argv],
    cwd: posix.join(BUILD.source, module?.folder ?? ''),
    env: goEnvironment(go, {
      architecture: order.request.architecture,
      toolchain: toolchain.name,
      compiler: compiler?.env,
      offline: name === 'go build',
      kept: beyondKey === undefined,
      workspace: workspace !== undefined,
    }),
    network: 'registries',
    tools: [
      { ...go, version: toolchain.version },
      ...(compiler ? [compiler.tool] : []),
      ...(sdk ? [sdk.tool] : []),
    ],
    because,
    failure: 'INSTALL_FAILED',
  }
}

/** For code without a go.mod; not named after the function: equal code makes equal packages. */
function generatedModule({ form, toolchain, sdk }: Work): Record<string, string> {
  const language = toolchain.version.split('.').slice(0, 2).join('.')
  const name = form.kind === 'http' ? 'main' : form.name
  const lines = [`module function/${name}\n`, `go ${language}`, ...(sdk?.lines ?? [])]
  return { [`${BUILD.source}/go.mod`]: `${lines.join('\n')}\n` }
}

/** The main package from its module's folder. */
function target({ main, module }: Work): string {
  const path = posix.relative(module?.folder ?? '', main.folder)
  return path === '' ? '.' : `./${path}`
}
